"""The colours of charts, in the light and in the dark.

Charts are drawn in the light ones. In a page a CSS variable stands in the place of each, so that dark mode
reaches into the charts. Nothing else is imported here: exporters must start fast.
"""

import re

# name: (light, dark). In grey, ink and accent are dark, context is between, tint and band are pale.
COLOURS = {
    "ink": ("#1f2933", "#e6eaee"),  # what is read first: titles, numbers
    "muted": ("#52606d", "#a9b4bf"),  # axes, notes
    "grid": ("#d9dee3", "#36404a"),  # gridlines, empty tiles
    "context": ("#8a95a1", "#5f6a75"),  # what the accent is compared with
    "accent": ("#b3261e", "#ff8a7d"),  # the one thing that the chart is about
    "tint": ("#eec3be", "#6b332e"),  # the spread around it
    "band": ("#f3d9a4", "#4b3a15"),  # what was said
    "claim": ("#7d5200", "#f0c46c"),  # words about what was said
    "paper": ("#ffffff", "#14191e"),
}
_NAMES = {light: name for name, (light, _) in COLOURS.items()}
_DARK = dict(COLOURS.values())
_PAINT = re.compile(r"""\b(fill|stroke|stop-color)(\s*[:=]\s*["']?)([^"';]+)""")


def themed(svg: str) -> str | None:
    """The SVG with a CSS variable such as var(--chart-accent) for each of its colours.

    None where it has other colours or holds a picture: such a drawing keeps its own, on white.
    """
    paints = {value.strip().lower() for _, _, value in _PAINT.findall(svg)}
    if not paints <= {*_NAMES, "none", "#000000", "black"} or "<image" in svg:
        return None

    def variable(found):
        value = found[3].strip().lower()
        name = _NAMES.get(value, "ink")
        return found[1] + found[2] + ("none" if value == "none" else f"var(--chart-{name})")

    # What names no colour is black by default.
    return _PAINT.sub(variable, svg).replace("<svg ", '<svg fill="var(--chart-ink)" ', 1)


def dark(svg: str) -> str:
    """The SVG in the dark colours, for pages that show a picture only and choose between two files."""
    return _PAINT.sub(
        lambda found: found[1] + found[2] + _DARK.get(found[3].strip().lower(), found[3]), svg
    )


def css() -> str:
    """The style sheet that gives the variables their colours: light, and dark on a screen that asks for it."""
    light, dark = (
        " ".join(f"--chart-{name}: {pair[mode]};" for name, pair in COLOURS.items())
        for mode in (0, 1)
    )
    return (
        f":root {{ {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )
