package paper

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Colours after Okabe and Ito, who chose them to be told apart by colour-blind
// eyes.
var (
	blue       = color.NRGBA{R: 0, G: 114, B: 178, A: 255}
	vermillion = color.NRGBA{R: 213, G: 94, B: 0, A: 255}
	black      = color.NRGBA{R: 20, G: 20, B: 20, A: 255}
	grey       = color.NRGBA{R: 110, G: 110, B: 110, A: 255}
)

// Figure 1 in points: two panels of equal scale on both axes, and beside the
// second one its marginals.
const (
	unit       = vg.Length(47) // length of one unit of x1 and of x2
	range1     = 2.9           // x1 from -range1 to range1
	range2     = 4.1
	panelWide  = 2 * range1 * unit
	panelHigh  = 2 * range2 * unit
	gutter     = vg.Length(78)
	margin     = vg.Length(62)
	strip      = vg.Length(92) // the marginals' height
	stripSpace = vg.Length(8)
	figureWide = margin + panelWide + gutter + panelWide + stripSpace + strip + 16
	figureHigh = 54 + panelHigh + stripSpace + strip + 34
)

func (e *doubleWell) figure() (figure, error) {
	return render("figure1", figureWide, figureHigh, e.drawFigure)
}

// drawFigure draws all panels.
func (e *doubleWell) drawFigure(c draw.Canvas) {
	left := c.Min.Add(vg.Point{X: margin, Y: 54})
	first := vg.Rectangle{Min: left, Max: left.Add(vg.Point{X: panelWide, Y: panelHigh})}
	right := left.Add(vg.Point{X: panelWide + gutter})
	second := vg.Rectangle{Min: right, Max: right.Add(vg.Point{X: panelWide, Y: panelHigh})}
	top := vg.Rectangle{
		Min: vg.Point{X: second.Min.X, Y: second.Max.Y + stripSpace},
		Max: vg.Point{X: second.Max.X, Y: second.Max.Y + stripSpace + strip},
	}
	side := vg.Rectangle{
		Min: vg.Point{X: second.Max.X + stripSpace, Y: second.Min.Y},
		Max: vg.Point{X: second.Max.X + stripSpace + strip, Y: second.Max.Y},
	}
	place(e.scatterPanel(), c, first)
	place(e.densityPanel(), c, second)
	for i, r := range []vg.Rectangle{top, side} {
		p := e.marginalPanel(i)
		place(p, c, r)
	}
	e.captions(c, first, second)
}

// captions writes a heading above each panel.
func (e *doubleWell) captions(c draw.Canvas, first, second vg.Rectangle) {
	heading := sansStyle(15, draw.XLeft, draw.YBottom)
	small := sansStyle(11, draw.XLeft, draw.YBottom)
	small.Color = grey
	y := second.Max.Y + stripSpace + strip + 12
	c.FillText(heading, vg.Point{X: first.Min.X, Y: y}, "As printed")
	c.FillText(heading, vg.Point{X: second.Min.X, Y: y}, "Exact density, and the flow done well")
	run := e.result.AsPrinted.Runs[0]
	lines := []string{
		fmt.Sprintf("%d steps of Langevin dynamics (dt = %g, β = %g),", timesteps, printedDt, beta),
		fmt.Sprintf("and %s samples of the flow trained on them.", thousands(e.budget.Generated)),
		fmt.Sprintf("W2 = %.3f between the two; %.3f to the exact law.", run.Joint.W2, run.ExactJoint.W2),
	}
	for i, line := range lines {
		c.FillText(small, vg.Point{X: first.Min.X, Y: y - vg.Length(22+16*i)}, line)
	}
}

// scatterPanel is the paper's figure: real against generated.
func (e *doubleWell) scatterPanel() *plot.Plot {
	p := newPlot("x₁", "x₂", [2]float64{range1, range2}, integers{})
	generated := dots{points: points(e.samples), radius: 0.62, color: color.NRGBA{R: 0, G: 114, B: 178, A: 190}}
	real := dots{points: points(e.trajectories[0]), radius: 1.5, color: vermillion, round: true}
	p.Add(grid(), generated, real)
	p.Legend.Add(fmt.Sprintf("generated (%s)", thousands(len(generated.points))), dots{radius: 2.2, color: blue})
	p.Legend.Add(fmt.Sprintf("Langevin (%d steps)", timesteps), dots{radius: 2.4, color: vermillion, round: true})
	return p
}

// densityPanel is the exact density, with some samples of the good flow.
func (e *doubleWell) densityPanel() *plot.Plot {
	p := newPlot("x₁", "x₂", [2]float64{range1, range2}, integers{})
	p.Add(grid())
	levels := []float64{5.5, 4.2, 3.2, 2.4, 1.75, 1.2, 0.75, 0.45, 0.26, 0.12, 0.03}
	for i, u := range levels {
		p.Add(band{energy: u, color: sequential(float64(i) / float64(len(levels)-1))})
	}
	some := points(e.goodSamples)
	some = some[:min(len(some), 2000)]
	p.Add(dots{points: some, radius: 0.7, color: color.NRGBA{R: 20, G: 20, B: 20, A: 170}})
	p.Legend.Add("exact density", swatch{color: sequential(0.6)})
	p.Legend.Add(fmt.Sprintf("flow (%s samples)", thousands(len(some))), dots{radius: 2, color: black})
	return p
}

// marginalPanel is the density of one coordinate: exact, of the good flow's
// samples, and of those of the flow as printed.
func (e *doubleWell) marginalPanel(coordinate int) *plot.Plot {
	p := newPlot("", "", [2]float64{range1, range2}, integers{})
	reach := []float64{range1, range2}[coordinate]
	flip := coordinate == 1
	good := histogram(e.goodSamples, coordinate, reach, 58)
	bad := histogram(e.samples, coordinate, reach, 58)
	var exact plotter.XYs
	peak := 0.0
	for i := range 401 {
		x := reach * (float64(i)/200 - 1)
		y := e.law.Density(coordinate, x)
		exact = append(exact, plotter.XY{X: x, Y: y})
		peak = max(peak, y)
	}
	for _, xy := range append(good, bad...) {
		peak = max(peak, xy.Y)
	}
	p.Add(curve{points: good, fill: color.NRGBA{R: 0, G: 114, B: 178, A: 110}, flip: flip})
	p.Add(curve{points: bad, line: vermillion, width: 1.3, dashes: []vg.Length{3, 2}, flip: flip})
	p.Add(curve{points: exact, line: black, width: 1.6, flip: flip})
	along, across := &p.X, &p.Y
	if flip {
		along, across = across, along
	}
	along.Min, along.Max = -reach, reach
	across.Min, across.Max = 0, peak*1.06
	p.HideAxes()
	if !flip {
		p.Legend.Add("exact", curve{line: black, width: 1.6})
		p.Legend.Add("flow done well", swatch{color: color.NRGBA{R: 0, G: 114, B: 178, A: 110}})
		p.Legend.Add("as printed", curve{line: vermillion, width: 1.3, dashes: []vg.Length{3, 2}})
		p.Legend.Top, p.Legend.Left = true, true
		p.Legend.TextStyle = sansStyle(10, 0, 0)
		p.Legend.Padding = 1
		p.Legend.XOffs = panelWide + 10
		p.Legend.YOffs = -4
	}
	return p
}

// thousands writes a count with separators.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// points converts a cloud, row-major [n][2].
func points(x []float32) plotter.XYs {
	xy := make(plotter.XYs, len(x)/2)
	for i := range xy {
		xy[i] = plotter.XY{X: float64(x[2*i]), Y: float64(x[2*i+1])}
	}
	return xy
}

// histogram is the density of one coordinate of a cloud, as the corners of
// steps.
func histogram(x []float32, coordinate int, reach float64, bins int) plotter.XYs {
	counts := make([]float64, bins)
	width := 2 * reach / float64(bins)
	for i := coordinate; i < len(x); i += 2 {
		if b := math.Floor((float64(x[i]) + reach) / width); b >= 0 && b < float64(bins) {
			counts[int(b)]++
		}
	}
	var xy plotter.XYs
	for b, n := range counts {
		y := n / (float64(len(x)/2) * width)
		from := -reach + width*float64(b)
		xy = append(xy, plotter.XY{X: from, Y: y}, plotter.XY{X: from + width, Y: y})
	}
	return xy
}
