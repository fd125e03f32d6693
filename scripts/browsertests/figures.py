"""Figures of the page: what is transferred, and how long people wait."""


def measure(stage):
    raise NotImplementedError
