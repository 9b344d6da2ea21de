"""Draw the illustrations of the demo content: `python -m portal.content.drawings FOLDER`.

One grammar for all of them: a seat (dot), a free seat (ring), a half disc and a line; flat, in two tones of a
theme plus paper, everything standing on the bottom line. Each drawing keeps exactly one seat free.
"""

import itertools
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT, FLOOR = 1600, 1000, 984
SAMPLES = 3  # drawn this many times larger, then scaled down: smooth edges
STEPS = 5  # colours from one tone to another at an edge; more only makes the file larger

PAPER = "#fffdf9"
THEMES = {
    "raad": {"field": "#f8c8cb", "mid": "#d9486c", "deep": "#8e1538", "paper": PAPER},
    "participatie": {"field": "#ffd784", "mid": "#e58a00", "deep": "#854000", "paper": PAPER},
    "samenspel": {"field": "#aee0c7", "mid": "#2a9d78", "deep": "#005a45", "paper": PAPER},
    "balans": {"field": "#d2ccfa", "mid": "#7a6be0", "deep": "#4230a6", "paper": PAPER},
}

Point = tuple[float, float]


class Canvas:
    """A plane in the field colour of a theme, on which the four shapes are drawn in its tones."""

    def __init__(self, theme: str):
        self.tones = THEMES[theme]
        self.image = Image.new("RGB", (WIDTH * SAMPLES, HEIGHT * SAMPLES), self.tones["field"])
        self.pen = ImageDraw.Draw(self.image)

    def dot(self, x: float, y: float, r: float, tone: str = "deep") -> None:
        """A seat that is taken."""
        self.pen.ellipse(self._box(x, y, r), fill=self.tones[tone])

    def ring(self, x: float, y: float, r: float, tone: str = "deep") -> None:
        """The seat that is still free."""
        self.pen.ellipse(self._box(x, y, r), outline=self.tones[tone], width=round(r * SAMPLES * 0.26))

    def half(self, x: float, y: float, r: float, tone: str = "deep", turn: float = 0) -> None:
        """A half disc around the middle of its flat side, turned clockwise in degrees."""
        angles = [math.radians(180 + turn + degree) for degree in range(181)]
        corners = [((x + r * math.cos(a)) * SAMPLES, (y + r * math.sin(a)) * SAMPLES) for a in angles]
        self.pen.polygon(corners, fill=self.tones[tone])

    def line(self, points: Iterable[Point], tone: str = "deep", width: float = 14) -> None:
        """A straight or bent line through the points."""
        corners = [(x * SAMPLES, y * SAMPLES) for x, y in points]
        self.pen.line(corners, fill=self.tones[tone], width=round(width * SAMPLES), joint="curve")

    def seats(self, points: Iterable[Point], r: float, tone: str = "deep", free: int | None = None) -> None:
        """A row of seats, of which the one numbered `free` is a ring."""
        for number, (x, y) in enumerate(points):
            (self.ring if number == free else self.dot)(x, y, r, tone)

    def save(self, path: Path) -> None:
        """Put the bottom line under it, scale down and write a small PNG."""
        self.line([(0, HEIGHT - 8.5), (WIDTH, HEIGHT - 8.5)], width=18)
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.quantize(palette=self._palette(), dither=Image.Dither.NONE).save(path, optimize=True)

    def _palette(self) -> Image.Image:
        """The four tones themselves and the steps between each two of them, for the edges."""
        tones = [ImageColor.getrgb(tone) for tone in self.tones.values()]
        mixes = [
            tuple(round(a + (b - a) * step / STEPS) for a, b in zip(one, other, strict=True))
            for one, other in itertools.combinations(tones, 2)
            for step in range(STEPS + 1)
        ]
        palette = Image.new("P", (1, 1))
        palette.putpalette([value for colour in dict.fromkeys(mixes) for value in colour])
        return palette

    @staticmethod
    def _box(x: float, y: float, r: float) -> list[float]:
        return [v * SAMPLES for v in (x - r, y - r, x + r, y + r)]


def arc(x: float, y: float, r: float, count: int, margin: float = 0, squash: float = 1) -> list[Point]:
    """Points evenly spread over a half circle from left to right, `margin` degrees free at both ends."""
    angles = [math.radians(180 + margin + (180 - 2 * margin) * i / (count - 1)) for i in range(count)]
    return [(x + r * math.cos(a), y + r * squash * math.sin(a)) for a in angles]


def row(x: float, y: float, step: float, count: int) -> list[Point]:
    """Points beside each other, from left to right."""
    return [(x + step * i, y) for i in range(count)]


def raadzaal(c: Canvas) -> None:
    """High windows, the speaker's place, and seats that curve towards whoever looks."""
    wall = 430
    for x in (160, 480, 800, 1120, 1440):
        c.half(x, 170, 110, "paper")
        c.line([(x, 169), (x, wall)], "paper", 220)
        c.line([(x, 60), (x, wall)], "field", 10)
        c.line([(x - 110, 170), (x + 110, 170)], "field", 10)
    c.half(800, wall, 140)
    c.line([(0, wall + 5), (WIDTH, wall + 5)], width=12)
    for r, count, size, tone, free in (
        (320, 9, 32, "mid", None),
        (500, 11, 42, "deep", 7),
        (715, 13, 52, "mid", None),
    ):
        rising = arc(800, 0, r, count, 6200 / r, 0.62)
        c.seats([(x, wall + 20 - y) for x, y in rising], size, tone, free)


def griffier(c: Canvas) -> None:
    """One place in the middle from which a line runs to every seat."""
    front, back = arc(800, FLOOR, 450, 9, 18), arc(800, FLOOR, 725, 10, 9)
    for x, y in front + back:
        away = 1 - 47 / math.hypot(x - 800, y - FLOOR)  # the line stops at the edge of the free seat
        c.line([(800, FLOOR - 20), (800 + (x - 800) * away, FLOOR + (y - FLOOR) * away)], "paper", 12)
    c.seats(front, 48, "mid")
    c.seats(back, 62, "deep", 6)
    c.half(800, FLOOR, 225)


def begroting(c: Canvas) -> None:
    """Coins in stacks; one comes down to the stack where its place is kept."""
    r = 60
    for column, height in enumerate((2, 5, 4, 7, 3, 6, 2, 5)):
        for level in range(height):
            free = (column, level) == (6, 1)
            place = (135 + column * 190, FLOOR - r - level * r * 2, r)
            (c.ring if free else c.dot)(*place, "mid" if column % 2 else "deep")
    c.dot(1275, 230, r)
    c.seats([(1275, 350 + 62 * n) for n in range(6)], 13, "paper")


def burgerberaad(c: Canvas) -> None:
    """Out of a crowd some are drawn by lot: they rise and together form a half circle."""
    step, rows = 66, 4
    risen = {column: column * 3 % rows for column in range(1, 23, 2)}
    places = {column: (74 + step * column, FLOOR - 36 - level * step) for column, level in risen.items()}
    heads = [(x, FLOOR - 260 - math.sqrt(700**2 - (x - 800) ** 2) * 0.84) for x, _ in places.values()]
    for n, ((x, y), (_, top)) in enumerate(zip(places.values(), heads, strict=True)):
        c.line([(x, top + (44 if n == 7 else 0)), (x, y)], "paper", 9)
    for level in range(rows):
        for column, (x, y) in enumerate(row(74, FLOOR - 36 - level * step, step, 23)):
            c.dot(x, y, 25, "paper" if risen.get(column) == level else "mid")
    c.seats(heads, 48, "deep", 7)


def uitdaagrecht(c: Canvas) -> None:
    """Where a half disc stood its place is left; rows of seats carry it away."""
    c.half(205, FLOOR, 420, "paper")
    c.seats(row(705, FLOOR - 62, 134, 7), 62, "mid")
    c.seats(row(772, FLOOR - 178, 134, 6), 62, "mid", 1)
    c.line([(640, FLOOR - 250), (1574, FLOOR - 250)], width=20)
    c.half(1107, FLOOR - 258, 420)


def buurtbijeenkomst(c: Canvas) -> None:
    """Bunting over three tables with seats around them, one of them still free."""
    for high, low, shift in ((50, 210, 0), (230, 440, 1)):
        rope = [(WIDTH * n / 72, high + (low - high) * 4 * n / 72 * (1 - n / 72)) for n in range(73)]
        c.line(rope, width=9)
        for flag in range(9):
            (x, y), (after_x, after_y) = rope[flag * 8 + 4], rope[flag * 8 + 5]
            turn = math.degrees(math.atan2(after_y - y, after_x - x))
            c.half(x, y, 74, ("paper", "mid", "deep")[(flag + shift) % 3], 180 + turn)
    for x, r, count, table, seat, free in (
        (262, 172, 6, "mid", "deep", None),
        (800, 262, 8, "paper", "deep", 5),
        (1338, 172, 6, "deep", "mid", None),
    ):
        c.half(x, FLOOR, r * 0.62, table)
        c.seats(arc(x, FLOOR, r, count, 14), 42, seat, free)


def lokale_driehoek(c: Canvas) -> None:
    """Three half discs, each leaning on the next, hold a triangle open; seats gather around them."""
    x, y, side, r = 800, 500, 270, 196
    far = side / math.sqrt(3)
    ends = [(x + far * math.cos(a), y + far * math.sin(a)) for a in map(math.radians, (90, 210, 330))]
    for n, tone in enumerate(("paper", "mid", "deep")):
        (x0, y0), (x1, y1) = ends[n], ends[(n + 1) % 3]
        middle = (x0 + (x1 - x0) * r / side, y0 + (y1 - y0) * r / side)
        turn = math.degrees(math.atan2(y1 - y0, x1 - x0))
        c.half(*middle, r, tone, turn)
        for away, count in ((47, 11), (100, 13)):
            for seat in range(count):
                a = math.radians(180 + turn + 34 + seat * 136 / (count - 1))
                c.dot(middle[0] + (r + away) * math.cos(a), middle[1] + (r + away) * math.sin(a), 20, tone)
    c.ring(x, y, 39)


def regio(c: Canvas) -> None:
    """Municipalities as hills, large and small, under one arch of seats."""
    c.seats(arc(800, FLOOR - 48, 728, 27, 0, 1.13), 36, "deep", 17)
    hills = (
        (1075, 345, "mid"),
        (580, 440, "paper"),
        (346, 230, "mid"),
        (810, 250, "deep"),
        (1310, 165, "deep"),
        (1060, 130, "paper"),
    )
    for x, r, tone in hills:
        c.half(x, FLOOR, r, tone)


def dorpsplein(c: Canvas) -> None:
    """Trees around a square, a low sun, and a long bench with room for one more."""
    c.half(800, FLOOR, 470, "paper")
    for x, top, r, tone in ((230, 300, 165, "deep"), (1370, 215, 185, "mid"), (1130, 500, 105, "deep")):
        c.line([(x, top), (x, FLOOR)], "deep", 24)
        for level in range(3):
            c.half(x, top + level * r * 0.86, r * (0.7 + level * 0.25), tone)
    c.seats(row(500, FLOOR - 186, 125, 5), 54, "mid", 3)
    c.line([(410, FLOOR - 120), (1090, FLOOR - 120)], width=24)
    for x in (490, 1010):
        c.line([(x, FLOOR - 120), (x, FLOOR)], width=24)


def rekenkamer(c: Canvas) -> None:
    """A half disc lies on rows of small seats like a reading glass; one turns out to be free."""
    for n, y in enumerate(range(40, FLOOR, 62)):
        small = row(-6 + n % 2 * 31, y, 62, 27)
        c.seats([(x, y) for x, y in small if math.hypot(x - 800, y - FLOOR) > 632], 15, "mid")
    c.half(800, FLOOR, 610, "paper")
    for level, count in enumerate((8, 7, 6, 5)):
        c.seats(
            row(800 - 67 * (count - 1), FLOOR - 92 - level * 122, 134, count),
            52,
            "deep",
            4 if level == 2 else None,
        )


def open_overheid(c: Canvas) -> None:
    """A closed disc slides open; what lies between its halves can be seen by everyone."""
    r = 445
    c.line([(800, FLOOR - 2 * r), (800, FLOOR)], "paper", 560)
    c.half(520, FLOOR - r, r, "deep", -90)
    c.half(1080, FLOOR - r, r, "mid", 90)
    for level in range(7):
        c.seats(row(590, FLOOR - 64 - level * 127, 105, 5), 40, "deep", 3 if level == 4 else None)


def lokale_media(c: Canvas) -> None:
    """News runs in ever wider half rings from one spot past every seat."""
    x = 470
    bands = (
        (1240, "mid"),
        (1070, "field"),
        (900, "paper"),
        (730, "field"),
        (560, "mid"),
        (400, "field"),
        (270, "paper"),
    )
    for r, tone in bands:
        c.half(x, FLOOR, r, tone)
    for r, count, size, free in ((480, 9, 40, None), (815, 14, 44, 9), (1155, 19, 48, None)):
        c.seats(arc(x, FLOOR, r, count, 5), size, "deep", free)
    c.half(x, FLOOR, 150)


DRAWINGS: dict[str, tuple[str, Callable[[Canvas], None]]] = {
    "raadzaal": ("raad", raadzaal),
    "griffier": ("raad", griffier),
    "begroting": ("raad", begroting),
    "burgerberaad": ("participatie", burgerberaad),
    "uitdaagrecht": ("participatie", uitdaagrecht),
    "buurtbijeenkomst": ("participatie", buurtbijeenkomst),
    "lokale-driehoek": ("samenspel", lokale_driehoek),
    "regio": ("samenspel", regio),
    "dorpsplein": ("samenspel", dorpsplein),
    "rekenkamer": ("balans", rekenkamer),
    "open-overheid": ("balans", open_overheid),
    "lokale-media": ("balans", lokale_media),
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (theme, draw) in DRAWINGS.items():
        canvas = Canvas(theme)
        draw(canvas)
        canvas.save(folder / f"{name}.png")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
