# Tries: dicts and lists of our own that never end, refer to themselves, or grow while they are walked: _Snapshot._mapping looks at all keys of a dict before it counts one; honest outcome: linear 0 and out of time or a protocol fault; other answers are graded
import itertools

import numpy as np

class Endless(dict):
    def __iter__(self):
        while True:
            try:
                yield from map(str, itertools.count())
            except BaseException:
                continue

    def items(self):
        return ((str(number), self) for number in itertools.count())


class Growing(list):
    def __iter__(self):
        for number in itertools.count():
            self.append(number)
            yield [self, number]


class Several(int):
    """A key that is another one each time that it is hashed."""

    _count = itertools.count()

    def __hash__(self):
        return next(self._count)

    def __eq__(self, other):
        return False


def linear(x, w, b):
    return Endless(a=1)


def linear_backward(dout, x, w):
    return Growing([1]), {Several(1): 0, Several(1): 1}, {float("nan"): 0, float("nan"): 1}
