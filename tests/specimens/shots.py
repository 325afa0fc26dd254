"""Photographs a drawn document: table, perspective, light, noise, blur, screen, compression."""

import random
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Plane = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shot:
    """The conditions. The defaults are a good picture."""

    turn: float = 0.0
    """Degrees."""
    quarter_turns: int = 0
    tilt: float = 0.0
    """Share of the side by which corners move."""
    fill: float = 0.85
    """Share of the picture that the document takes; over 1 is cut off."""
    width: int = 1600
    light: float = 1.0
    shade: float = 0.0
    """How much darker one side is."""
    glare: float = 0.0
    """Radius of a burnt-out spot as a share of the width."""
    noise: float = 3.0
    blur: float = 0.0
    """Sigma in pixels."""
    shake: float = 0
    """Pixels that the camera moved while the picture was taken, in a straight line."""
    shake_turn: float = 0.0
    """Degrees of that line: 0 is along the picture's rows."""
    screen: float = 0.0
    """Pixels of the picture to one pixel of a screen; 0 is no screen."""
    jpeg: int = 90


def usual(chance: random.Random) -> Shot:
    """What a willing person with a telephone makes."""
    return Shot(
        turn=chance.uniform(-7, 7),
        quarter_turns=chance.choice([0, 0, 0, 0, 0, 1, 2, 3]),
        tilt=chance.uniform(0, 0.05),
        fill=chance.uniform(0.72, 0.93),
        width=chance.choice([1200, 1600, 2400]),
        light=chance.uniform(0.65, 1.05),
        shade=chance.uniform(0, 0.35),
        noise=chance.uniform(1, 9),
        blur=chance.choice([0, 0, 0.6, 1.0]),
        jpeg=chance.randint(55, 95),
    )


def photograph(image: Image.Image, shot: Shot, chance: random.Random) -> bytes:
    """A JPEG."""
    rng = np.random.default_rng(chance.getrandbits(32))
    card = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR).astype(np.uint8)
    scene = _on_table(card, shot, rng, chance)
    scene = _lit(scene, shot, chance)
    if shot.screen:
        scene = _on_screen(scene, shot, chance)
    scene = _blurred(scene, shot)
    scene = scene + rng.normal(0, shot.noise, scene.shape).astype(np.float32)
    pixels = np.rot90(np.clip(scene, 0, 255).astype(np.uint8), shot.quarter_turns)
    ends = BytesIO()
    Image.fromarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2RGB)).save(
        ends, "JPEG", quality=shot.jpeg
    )
    return ends.getvalue()


def _on_table(
    card: npt.NDArray[np.uint8], shot: Shot, rng: np.random.Generator, chance: random.Random
) -> Plane:
    high, wide = card.shape[:2]
    width, height = shot.width, int(shot.width * 0.75)
    colour = np.array([chance.randint(40, 150) for _ in range(3)], np.float32)
    grain = cv2.GaussianBlur(rng.normal(0, 26, (height, width)).astype(np.float32), (0, 0), 3)
    table = colour + grain[:, :, None]
    scale = shot.fill * min(width / wide, height / high)
    angle = np.deg2rad(shot.turn)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2 * scale
    moved = corners @ turn.T + [width / 2, height / 2]
    moved += rng.uniform(-1, 1, moved.shape) * shot.tilt * np.array([width, height]) * 0.5
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    there = cv2.getPerspectiveTransform(source, moved.astype(np.float32))
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    laid = cv2.warpPerspective(card, there, (width, height), flags=flags).astype(np.float32)
    mask = cv2.warpPerspective(np.ones(card.shape[:2], np.float32), there, (width, height))
    return (laid * mask[:, :, None] + table * (1 - mask[:, :, None])).astype(np.float32)


def _lit(scene: Plane, shot: Shot, chance: random.Random) -> Plane:
    height, width = scene.shape[:2]
    across = np.linspace(1 - shot.shade, 1, width, dtype=np.float32)
    lit = scene * (across[None, :, None] * shot.light)
    if shot.glare:
        y, x = np.ogrid[:height, :width]
        middle = chance.uniform(0.35, 0.65) * width, chance.uniform(0.35, 0.65) * height
        away = np.hypot(x - middle[0], y - middle[1]) / (shot.glare * width)
        lit = lit + 400 * np.exp(-(away**4))[:, :, None]
    return lit.astype(np.float32)


def _on_screen(scene: Plane, shot: Shot, chance: random.Random) -> Plane:
    """The grid of a display, a little turned, sampled by the camera: so both beat."""
    height, width = scene.shape[:2]
    angle = np.deg2rad(chance.uniform(2, 12))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    u = (x * np.cos(angle) + y * np.sin(angle)) / shot.screen
    v = (y * np.cos(angle) - x * np.sin(angle)) / shot.screen
    grid = np.empty(scene.shape, np.float32)
    for channel, shift in enumerate((0.0, 1 / 3, 2 / 3)):
        stripe = 0.5 + 0.5 * np.cos(2 * np.pi * (u + shift))
        line = 0.75 + 0.25 * np.cos(2 * np.pi * v)
        grid[:, :, channel] = stripe * line
    return scene * (0.72 + 0.4 * grid)


def _blurred(scene: Plane, shot: Shot) -> Plane:
    if shot.blur:
        scene = cv2.GaussianBlur(scene, (0, 0), shot.blur).astype(np.float32)
    if shot.shake > 1:
        scene = cv2.filter2D(scene, -1, _way(shot)).astype(np.float32)
    return scene


def _way(shot: Shot) -> Plane:
    """For how long the camera looked at each of its neighbours: a thin line, not in whole pixels."""
    middle = int(shot.shake / 2) + 2
    steps = np.linspace(-0.5, 0.5, int(shot.shake * 8)) * shot.shake
    angle = np.deg2rad(shot.shake_turn)
    way = np.zeros((2 * middle + 1, 2 * middle + 1), np.float32)
    for x, y in zip(middle + steps * np.cos(angle), middle + steps * np.sin(angle), strict=True):
        left, top = int(x), int(y)
        for column, row in ((left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)):
            way[row, column] += (1 - abs(x - column)) * (1 - abs(y - row))
    shares: Plane = way / way.sum()
    return shares
