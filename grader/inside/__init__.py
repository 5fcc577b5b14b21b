"""What runs in the box: zygote, kernel, driver, bridge and wire format; imports nothing else of ours."""
