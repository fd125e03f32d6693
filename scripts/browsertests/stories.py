"""All tests, in the order in which they are played."""
import collections

from . import clocks, crowd, doors, inert, lies, long, looks, meeting, newcomers, sending, storage
from . import transports, vectors

Story = collections.namedtuple("Story", "name says play")

ALL = [Story(*parts) for parts in (
    ("meeting", "two browsers and a terminal in one private meeting, through three nodes",
     meeting.play),
    ("lies", "what a lying node changes, drops or makes up is marked", lies.play),
    ("vectors", "the page computes what others compute", vectors.play),
    ("doors", "doors that do not open say why, and what to do", doors.play),
    ("storage", "a browser that keeps nothing, is late with it, or has no room", storage.play),
    ("clocks", "a clock that is wrong by a day", clocks.play),
    ("sending", "nothing is lost and nothing comes twice", sending.play),
    ("inert", "what others write is never part of the page", inert.play),
    ("long", "ten thousand messages, and the longest ones", long.play),
    ("newcomers", "whoever comes in is a member at once", newcomers.play),
    ("crowd", "ten thousand members", crowd.play),
    ("looks", "every page is for everyone: narrow and wide, light and dark", looks.play),
    ("transports", "live by WebSocket, events, or asking", transports.play),
)]
