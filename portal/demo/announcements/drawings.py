"""Pictures for the demo, drawn on the spot: flat shapes in the portal's colours, nobody's property."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (1600, 900)
PAPER, LOTUS, ROSE, INK, SAND, LEAF, SKY, AMBER = (
    "#faf6ef",
    "#8c1c3c",
    "#c77c90",
    "#3a2c27",
    "#e4d8c6",
    "#5f7f63",
    "#b9cdd8",
    "#d9a441",
)  # fmt: skip


def jpeg(drawing: str, seed: int) -> bytes:
    """One of `DRAWINGS` as a JPEG; the same seed draws the same picture."""
    image = Image.new("RGB", SIZE, PAPER)
    DRAWINGS[drawing](ImageDraw.Draw(image), Random(seed))  # noqa: S311 - a drawing, not a secret
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def houses(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """Blocks of flats at dusk, some windows lit."""
    draw.rectangle((0, 0, 1600, 900), fill=SKY)
    draw.ellipse((1180, 90, 1360, 270), fill=PAPER)
    left = -40
    while left < 1600:
        width, top = chance.choice((180, 240, 300)), chance.randint(180, 480)
        draw.rectangle((left, top, left + width, 900), fill=chance.choice((SAND, PAPER, LOTUS, ROSE)))
        for x in range(left + 30, left + width - 45, 60):
            for y in range(top + 40, 760, 80):
                draw.rectangle((x, y, x + 28, y + 42), fill=AMBER if chance.random() < 0.3 else INK)
        left += width + chance.choice((0, 20))
    draw.rectangle((0, 820, 1600, 900), fill=LEAF)


def water(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A river in bands, and a sun."""
    draw.rectangle((0, 0, 1600, 900), fill="#dfe9ee")
    draw.ellipse((980, 130, 1300, 450), fill=AMBER)
    for number, colour in enumerate((SKY, "#92b3c4", "#6d96ab", "#4c7890", "#345a70")):
        top = 420 + number * 96
        shift = chance.randint(0, 200)
        draw.rectangle((0, top + 40, 1600, 900), fill=colour)
        for x in range(-400 + shift, 1800, 200):
            draw.ellipse((x, top, x + 200, top + 90), fill=colour)


def trees(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A row of trees along a path."""
    draw.rectangle((0, 0, 1600, 900), fill="#eef0e4")
    draw.rectangle((0, 700, 1600, 900), fill=SAND)
    draw.polygon(((0, 900), (1600, 760), (1600, 830), (300, 900)), fill=PAPER)
    for x in range(90, 1600, 230):
        radius, middle = chance.randint(100, 150), chance.randint(330, 430)
        draw.rectangle((x - 12, middle, x + 12, 740), fill=INK)
        draw.ellipse(
            (x - radius, middle - radius, x + radius, middle + radius), fill=chance.choice((LEAF, "#7c9b72", "#48664f"))
        )


def lotus(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A lotus on a pond."""
    draw.rectangle((0, 0, 1600, 900), fill="#dfe7e0")
    for _leaf in range(9):
        x, y, width = chance.randint(-100, 1500), chance.randint(560, 840), chance.randint(220, 420)
        draw.ellipse((x, y, x + width, y + width // 4), fill=chance.choice((LEAF, "#7c9b72", "#48664f")))
    for reach, colour in ((330, ROSE), (250, "#b0576f"), (150, LOTUS)):
        for side in (-1, 1):
            draw.polygon(((800, 700), (800 + side * reach, 620 - reach), (800 + side * reach // 4, 400)), fill=colour)
    draw.polygon(((800, 720), (690, 420), (800, 250), (910, 420)), fill=LOTUS)


DRAWINGS = {"houses": houses, "water": water, "trees": trees, "lotus": lotus}
