# Tries: raise an exception whose metaclass hangs or raises for __mro__, __module__ and __name__: bridge._raised asks for them inside its except clause, where nothing catches it; honest outcome: linear 0; the call is out of time or a protocol fault; other answers are graded
import time

import numpy as np

class Nameless(type):
    @property
    def __module__(cls):
        raise KeyboardInterrupt

    @property
    def __name__(cls):
        while True:
            try:
                time.sleep(1)
            except BaseException:
                continue

    def mro(cls):
        return [*super().mro()]


class Odd(Exception, metaclass=Nameless):
    def __str__(self):
        raise SystemExit(self)


def linear(x, w, b):
    raise Odd


def linear_backward(dout, x, w):
    error = Odd()
    error.__cause__ = error.__context__ = error
    raise error
