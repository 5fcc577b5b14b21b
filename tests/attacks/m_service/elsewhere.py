"""M01 to M10: attacks on a web service, which the grader does not have."""

from tests.attacks.case import Case

REASON = "There is no web service: the grader is a command that writes files."
TRIES = (
    "Uses no, an expired or a forged session, or guesses passwords.",
    "Makes an instructor's browser regrade, override or upload.",
    "Reads another student's feedback by its id.",
    "Calls the instructor's or the workers' interface as a student.",
    "Uploads too much, too slowly, or without an end.",
    "Reads other files by a path or a link in the folder of feedback.",
    "Frames the page, or reads it from another origin.",
    "Reaches the application's cookies from a page of feedback.",
    "Puts SQL into a search or an order.",
    "Redirects, makes the server fetch, or floods it with requests.",
)

CASES = tuple(
    Case(number=f"M{number:02}", tries=tries, stopped_by="", not_applicable=REASON)
    for number, tries in enumerate(TRIES, 1)
)
