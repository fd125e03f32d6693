"""All tests, in the order in which they are played."""
import collections

from . import clocks, doors, inert, lies, meeting, sending, storage, transports, vectors

Story = collections.namedtuple("Story", "name says play")

ALL = [Story(*parts) for parts in (
    ("meeting", "two browsers and a terminal in one private meeting, through three nodes",
     meeting.play),
    ("lies", "what a lying node changes, drops or makes up is marked", lies.play),
    ("vectors", "the page computes what others compute", vectors.play),
    ("doors", "doors that do not open say why, and what to do", doors.play),
    ("storage", "a browser that keeps nothing, or has no room", storage.play),
    ("clocks", "a clock that is wrong by a day", clocks.play),
    ("sending", "nothing is lost and nothing comes twice", sending.play),
    ("inert", "what others write is never part of the page", inert.play),
    ("transports", "live by WebSocket, events, or asking", transports.play),
)]
