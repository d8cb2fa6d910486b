package paper

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sansStyle is a text style in the sans-serif font.
func sansStyle(size float64, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{
		Color:   black,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)},
		XAlign:  x,
		YAlign:  y,
		Handler: plot.DefaultTextHandler,
	}
}

// newPlot is an empty plot in the figures' style, of the plane from -reach to reach.
func newPlot(x, y string, reach [2]float64, ticks plot.Ticker) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []struct {
		axis  *plot.Axis
		label string
		reach float64
	}{{&p.X, x, reach[0]}, {&p.Y, y, reach[1]}} {
		a.axis.Label.Text = a.label
		a.axis.Label.TextStyle.Font.Variant = "Sans"
		a.axis.Label.TextStyle.Font.Size = 14
		a.axis.Label.TextStyle.Color = black
		a.axis.Tick.Label.Font.Variant = "Sans"
		a.axis.Tick.Label.Font.Size = 12
		a.axis.Tick.Label.Color = black
		a.axis.Tick.Marker = ticks
		a.axis.Min, a.axis.Max = -a.reach, a.reach
		a.axis.Padding = 0
		a.axis.LineStyle.Color, a.axis.Tick.LineStyle.Color = grey, grey
	}
	p.Legend.TextStyle = sansStyle(12, 0, 0)
	p.Legend.Top, p.Legend.Left = false, true
	p.Legend.ThumbnailWidth = 14
	p.Legend.Padding = 2
	p.Legend.XOffs, p.Legend.YOffs = 8, 8
	return p
}

// integers puts a tick at every integer.
type integers struct{}

func (integers) Ticks(from, to float64) (ticks []plot.Tick) {
	for v := math.Ceil(from); v <= to; v++ {
		label := plot.Tick{Value: v, Label: ""}
		switch {
		case v < 0:
			label.Label = "−" + string(rune('0'+int(-v)))
		default:
			label.Label = string(rune('0' + int(v)))
		}
		ticks = append(ticks, label)
	}
	return ticks
}

// grid is a faint grid.
func grid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical.Color = color.NRGBA{R: 225, G: 228, B: 232, A: 255}
	g.Horizontal.Color = g.Vertical.Color
	return g
}

// place draws a plot so that its data fill exactly the rectangle, with the
// axes outside.
func place(p *plot.Plot, c draw.Canvas, data vg.Rectangle) {
	probe := draw.Crop(c, 0, 0, 0, 0)
	inner := p.DataCanvas(probe)
	probe.Rectangle = vg.Rectangle{
		Min: data.Min.Sub(inner.Min.Sub(probe.Min)),
		Max: data.Max.Add(probe.Max.Sub(inner.Max)),
	}
	p.Draw(probe)
}

// dots draws many points as one path, which keeps an SVG small.
type dots struct {
	points plotter.XYs
	radius float64 // in points
	color  color.Color
	round  bool
}

func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var path vg.Path
	for _, xy := range d.points {
		if at := (vg.Point{X: x(xy.X), Y: y(xy.Y)}); c.Contains(at) {
			d.add(&path, at)
		}
	}
	c.SetColor(d.color)
	c.Fill(path)
}

func (d dots) add(path *vg.Path, at vg.Point) {
	r := vg.Length(d.radius)
	if d.round {
		path.Move(vg.Point{X: at.X + r, Y: at.Y})
		path.Arc(at, r, 0, 2*math.Pi)
		path.Close()
		return
	}
	path.Move(vg.Point{X: at.X - r, Y: at.Y - r})
	path.Line(vg.Point{X: at.X + r, Y: at.Y - r})
	path.Line(vg.Point{X: at.X + r, Y: at.Y + r})
	path.Line(vg.Point{X: at.X - r, Y: at.Y + r})
	path.Close()
}

// Thumbnail is the sign in the legend.
func (d dots) Thumbnail(c *draw.Canvas) {
	var path vg.Path
	d.add(&path, c.Center())
	c.SetColor(d.color)
	c.Fill(path)
}

// band fills the set of the plane where the double well's energy is at most a
// level.
type band struct {
	energy float64
	color  color.Color
}

func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	// (x1² - 1)² ≤ 4u: x1² from 1 - 2√u to 1 + 2√u.
	root := 2 * math.Sqrt(b.energy)
	outer, inner := math.Sqrt(1+root), math.Sqrt(max(1-root, 0))
	halves := [][2]float64{{-outer, outer}}
	if inner > 0 {
		halves = [][2]float64{{-outer, -inner}, {inner, outer}}
	}
	c.SetColor(b.color)
	for _, h := range halves {
		const n = 160
		var path vg.Path
		for i := range 2 * n {
			angle := math.Pi * float64(i) / n
			a := (h[0]+h[1])/2 - (h[1]-h[0])/2*math.Cos(angle)
			q := a*a - 1
			v := math.Sqrt(2 * max(b.energy-q*q/4, 0))
			if i > n {
				v = -v
			}
			at := vg.Point{X: x(a), Y: y(v)}
			if i == 0 {
				path.Move(at)
			} else {
				path.Line(at)
			}
		}
		path.Close()
		c.Fill(path)
	}
}

// sequential is a scale of colours from light to dark, for t from 0 to 1, in
// which lightness alone tells the order.
func sequential(t float64) color.Color {
	stops := [][3]float64{{243, 248, 252}, {214, 230, 244}, {171, 207, 230}, {120, 178, 216}, {74, 144, 198}}
	at := t * float64(len(stops)-1)
	i := min(int(at), len(stops)-2)
	f := at - float64(i)
	mix := func(k int) uint8 { return uint8(stops[i][k]*(1-f) + stops[i+1][k]*f + 0.5) }
	return color.NRGBA{R: mix(0), G: mix(1), B: mix(2), A: 255}
}

// swatch is a coloured field in a legend.
type swatch struct{ color color.Color }

// Thumbnail is the sign in the legend.
func (s swatch) Thumbnail(c *draw.Canvas) {
	c.SetColor(s.color)
	c.Fill(c.Rectangle.Path())
}

// curve draws y over x as a line or as the area below it; flipped, x goes up
// and y to the right.
type curve struct {
	points plotter.XYs
	line   color.Color
	width  vg.Length
	dashes []vg.Length
	fill   color.Color
	flip   bool
}

func (k curve) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := func(a, b float64) vg.Point {
		if k.flip {
			a, b = b, a
		}
		return vg.Point{X: x(a), Y: y(b)}
	}
	var line []vg.Point
	for _, xy := range k.points {
		line = append(line, at(xy.X, xy.Y))
	}
	if k.fill != nil {
		area := append([]vg.Point{at(k.points[0].X, 0)}, line...)
		c.FillPolygon(k.fill, append(area, at(k.points[len(k.points)-1].X, 0)))
	}
	if k.line != nil {
		c.StrokeLines(k.style(), line)
	}
}

func (k curve) style() draw.LineStyle {
	return draw.LineStyle{Color: k.line, Width: k.width, Dashes: k.dashes}
}

// Thumbnail is the sign in the legend.
func (k curve) Thumbnail(c *draw.Canvas) {
	middle := c.Center().Y
	c.StrokeLine2(k.style(), c.Min.X, middle, c.Max.X, middle)
}
