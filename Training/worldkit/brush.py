"""A brush: the few strokes that every drawing here is made of, on a skia canvas, in heights of the picture."""

from collections.abc import Callable, Iterable, Sequence

import skia

Colour = tuple[float, float, float]
Point = tuple[float, float]
Fill = Colour | skia.Shader


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one`, with `share` of it replaced by `other`."""
    return tuple(a + (b - a) * share for a, b in zip(one, other))


def shaded(colour: Colour, factor: float) -> Colour:
    """`colour`, darker for factors below 1, lighter (towards white) above."""
    if factor <= 1:
        return tuple(c * factor for c in colour)
    return mix(colour, (1, 1, 1), min(1.0, factor - 1))


def across(start: Point, end: Point, *colours: Colour | tuple[float, float, float, float]) -> skia.Shader:
    """A gradient along a line."""
    return skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], [_packed(c) for c in colours])


def around(centre: Point, radius: float, *colours: Colour | tuple[float, float, float, float]) -> skia.Shader:
    """A gradient outwards from a point."""
    return skia.GradientShader.MakeRadial(skia.Point(*centre), radius, [_packed(c) for c in colours])


def faded(colour: Colour, alpha: float) -> tuple[float, float, float, float]:
    return (*colour, alpha)


def _packed(colour: Sequence[float]) -> int:
    red, green, blue = (max(0, min(255, round(c * 255))) for c in colour[:3])
    alpha = round(colour[3] * 255) if len(colour) > 3 else 255
    return alpha << 24 | red << 16 | green << 8 | blue


class Brush:
    """Draws on a canvas."""

    def __init__(self, canvas: skia.Canvas):
        self.canvas = canvas
        self._fill = skia.Paint(AntiAlias=True)
        self._stroke = skia.Paint(
            AntiAlias=True,
            Style=skia.Paint.kStroke_Style,
            StrokeCap=skia.Paint.kRound_Cap,
            StrokeJoin=skia.Paint.kRound_Join,
        )

    def _filling(self, fill: Fill, alpha: float) -> skia.Paint:
        return self._loaded(self._fill, fill, alpha)

    def _stroking(self, fill: Fill, width: float, alpha: float, round_ends: bool = True) -> skia.Paint:
        self._stroke.setStrokeWidth(width)
        self._stroke.setStrokeCap(skia.Paint.kRound_Cap if round_ends else skia.Paint.kButt_Cap)
        return self._loaded(self._stroke, fill, alpha)

    @staticmethod
    def _loaded(paint: skia.Paint, fill: Fill, alpha: float) -> skia.Paint:
        if isinstance(fill, tuple):
            paint.setColor4f(skia.Color4f(fill[0], fill[1], fill[2], alpha))
            return paint
        paint = skia.Paint(paint)  # a copy, as a shader once set cannot be taken out again
        paint.setColor4f(skia.Color4f(0, 0, 0, alpha))
        paint.setShader(fill)
        return paint

    def rect(
        self, left: float, top: float, right: float, bottom: float, fill: Fill, alpha: float = 1, corner: float = 0
    ) -> None:
        box, paint = skia.Rect(left, top, right, bottom), self._filling(fill, alpha)
        if corner:
            self.canvas.drawRoundRect(box, corner, corner, paint)
        else:
            self.canvas.drawRect(box, paint)

    def frame(
        self, left: float, top: float, right: float, bottom: float, width: float, fill: Fill, alpha: float = 1
    ) -> None:
        self.canvas.drawRect(skia.Rect(left, top, right, bottom), self._stroking(fill, width, alpha))

    def oval(self, x: float, y: float, radius_x: float, radius_y: float, fill: Fill, alpha: float = 1) -> None:
        box = skia.Rect(x - radius_x, y - radius_y, x + radius_x, y + radius_y)
        self.canvas.drawOval(box, self._filling(fill, alpha))

    def ring(self, x: float, y: float, radius: float, width: float, fill: Fill, alpha: float = 1) -> None:
        self.canvas.drawCircle(x, y, radius, self._stroking(fill, width, alpha))

    def shape(self, points: Iterable[Point], fill: Fill, alpha: float = 1) -> None:
        """A filled polygon."""
        self.canvas.drawPath(_polygon(points, True), self._filling(fill, alpha))

    def blob(self, points: Sequence[Point], fill: Fill, alpha: float = 1) -> None:
        """A filled smooth outline through the middles of the polygon's sides."""
        self.canvas.drawPath(smooth(points), self._filling(fill, alpha))

    def path(self, path: skia.Path, fill: Fill, alpha: float = 1) -> None:
        self.canvas.drawPath(path, self._filling(fill, alpha))

    def line(
        self, points: Iterable[Point], width: float, fill: Fill, alpha: float = 1, round_ends: bool = True
    ) -> None:
        self.canvas.drawPath(_polygon(points, False), self._stroking(fill, width, alpha, round_ends))

    def curve(self, points: Sequence[Point], width: float, fill: Fill, alpha: float = 1) -> None:
        """An open smooth line from the first point to the last."""
        path = skia.Path()
        path.moveTo(*points[0])
        for here, there in zip(points[1:-1], points[2:-1] + points[-1:]):
            end = there if there is points[-1] else ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
            path.quadTo(*here, *end)
        self.canvas.drawPath(path, self._stroking(fill, width, alpha))

    def lines(self, ends: Sequence[Point], width: float, fill: Fill, alpha: float = 1) -> None:
        """Many separate straight lines; `ends` holds two points for each."""
        if ends:
            points = [skia.Point(*end) for end in ends]
            self.canvas.drawPoints(skia.Canvas.kLines_PointMode, points, self._stroking(fill, width, alpha, False))

    def dots(self, centres: Sequence[Point], size: float, fill: Fill, alpha: float = 1) -> None:
        if centres:
            points = [skia.Point(*centre) for centre in centres]
            self.canvas.drawPoints(skia.Canvas.kPoints_PointMode, points, self._stroking(fill, size, alpha))

    def glow(self, x: float, y: float, radius: float, colour: Colour, alpha: float) -> None:
        """Light or dark that thins out from a point."""
        self.oval(
            x,
            y,
            radius,
            radius,
            around((x, y), radius, faded(colour, alpha), faded(colour, alpha * 0.3), faded(colour, 0)),
        )


def mirrored(brush: Brush, mirror: bool, drawing: Callable[[], None]) -> None:
    """Draws as it is, or with left and right exchanged around x = 0."""
    brush.canvas.save()
    if mirror:
        brush.canvas.scale(-1, 1)
    drawing()
    brush.canvas.restore()


def _polygon(points: Iterable[Point], closed: bool) -> skia.Path:
    return skia.Path.Polygon([skia.Point(*point) for point in points], closed)


def smooth(points: Sequence[Point]) -> skia.Path:
    path = skia.Path()
    last = points[-1]
    path.moveTo((last[0] + points[0][0]) / 2, (last[1] + points[0][1]) / 2)
    for here, there in zip(points, [*points[1:], points[0]]):
        path.quadTo(*here, (here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
    path.close()
    return path
