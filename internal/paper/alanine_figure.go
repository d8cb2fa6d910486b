package paper

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure 2 in points: three rows of two square panels, and a scale of free energy
// beside the lower two.
const (
	squareSide   = vg.Length(330)
	squareGutter = vg.Length(84)
	rowGutter    = vg.Length(104)
	scaleSpace   = vg.Length(96)
	figure2Wide  = margin + 2*squareSide + squareGutter + scaleSpace
	figure2High  = 54 + 3*squareSide + 2*rowGutter + 66
)

const (
	surfaceBins = 60
	// surfaceTop is the free energy, in kJ/mol, of the palest colour and above.
	surfaceTop = 25
	// shownPoints is how many points a scatter shows.
	shownPoints = 10_000
)

func (e *alanine) figure() (figure, error) {
	return render("figure2", figure2Wide, figure2High, e.drawFigure)
}

func (e *alanine) drawFigure(c draw.Canvas) {
	at := func(column, row int) vg.Rectangle {
		corner := c.Min.Add(vg.Point{
			X: margin + vg.Length(column)*(squareSide+squareGutter),
			Y: 54 + vg.Length(row)*(squareSide+rowGutter),
		})
		return vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: squareSide, Y: squareSide})}
	}
	p, d := &e.result.AsPrinted, &e.result.DoneWell
	best := len(e.samples) - 1
	for _, panel := range []struct {
		plot        *plot.Plot
		place       vg.Rectangle
		title, line string
	}{
		{scatter(shuffled(e.printed.x, e.seed(alanineOrder, 4)), vermillion), at(0, 2), "Simulated, as printed",
			fmt.Sprintf("%d trajectories, %s frames, friction %d/ps", e.printed.replicas, thousands(p.Simulation.Frames), printedFriction)},
		{scatter(e.printedSamples, blue), at(1, 2), "Generated, as printed",
			fmt.Sprintf("flow of %s parameters trained on them", thousands(p.Training.Parameters))},
		{surface(e.printed.x), at(0, 1), "Free energy, simulated as printed",
			"−kT log of the density, less its minimum"},
		{surface(e.printedSamples), at(1, 1), "Free energy, generated as printed",
			fmt.Sprintf("%s samples", thousands(len(e.printedSamples)/2))},
		{surface(e.converged.equilibrium()), at(0, 0), "Free energy, converged simulation",
			fmt.Sprintf("%d replicas, %.3g ns in all", d.Simulation.Replicas, d.Simulation.Length*float64(d.Simulation.Replicas))},
		{surface(e.samples[best]), at(1, 0), "Free energy, generated",
			fmt.Sprintf("flow of %s parameters trained on that", thousands(d.Flows[best].Training.Parameters))},
	} {
		place(panel.plot, c, panel.place)
		top := vg.Point{X: panel.place.Min.X, Y: panel.place.Max.Y + 26}
		c.FillText(sansStyle(15, draw.XLeft, draw.YBottom), top, panel.title)
		small := sansStyle(11, draw.XLeft, draw.YBottom)
		small.Color = grey
		c.FillText(small, top.Sub(vg.Point{Y: 17}), panel.line)
	}
	e.drawScale(c, at(1, 0))
	e.drawScale(c, at(1, 1))
}

// drawScale draws the colours of free energies to the right of a panel.
func (e *alanine) drawScale(c draw.Canvas, beside vg.Rectangle) {
	const steps, wide = 100, vg.Length(14)
	left := beside.Max.X + 18
	high := beside.Max.Y - beside.Min.Y
	for i := range steps {
		from := beside.Min.Y + high*vg.Length(i)/steps
		c.FillPolygon(energyColor(surfaceTop*(float64(i)+0.5)/steps), []vg.Point{
			{X: left, Y: from}, {X: left + wide, Y: from},
			{X: left + wide, Y: from + high/steps + 0.5}, {X: left, Y: from + high/steps + 0.5},
		})
	}
	label := sansStyle(12, draw.XLeft, draw.YCenter)
	for f := 0; f <= surfaceTop; f += 5 {
		y := beside.Min.Y + high*vg.Length(f)/surfaceTop
		c.FillText(label, vg.Point{X: left + wide + 6, Y: y}, fmt.Sprint(f))
	}
	c.FillText(sansStyle(12, draw.XLeft, draw.YBottom), vg.Point{X: left - 4, Y: beside.Max.Y + 10}, "kJ/mol")
}

// energyColor is dark where the free energy is small.
func energyColor(f float64) color.Color { return sequential(1 - min(f/surfaceTop, 1)) }

func anglePlot() *plot.Plot {
	p := newPlot("φ, degrees", "ψ, degrees", [2]float64{180, 180}, sixties{})
	p.Legend.Top = true
	return p
}

// sixties puts a tick at every 60 degrees.
type sixties struct{}

func (sixties) Ticks(from, to float64) (ticks []plot.Tick) {
	for v := math.Ceil(from/60) * 60; v <= to; v += 60 {
		label := fmt.Sprint(int(math.Abs(v)))
		if v < 0 {
			label = "−" + label
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: label})
	}
	return ticks
}

// scatter shows some points of a cloud where they are, those outside the torus
// not at all, as the paper's figure does.
func scatter(x []float32, c color.NRGBA) *plot.Plot {
	c.A = 150
	p := anglePlot()
	d := dots{radius: 0.8, color: c}
	for i := 0; i < min(len(x), 2*shownPoints); i += 2 {
		d.points = append(d.points, points(x[i:i+2])...)
		last := &d.points[len(d.points)-1]
		last.X, last.Y = last.X*180/math.Pi, last.Y*180/math.Pi
	}
	p.Add(grid(), d)
	return p
}

// surface shows the free energy −kT log of a cloud's histogram.
func surface(x []float32) *plot.Plot {
	p := anglePlot()
	p.Add(grid(), mosaic{surfaceBins, histogram2(x, surfaceBins).freeEnergies()})
	return p
}

// mosaic fills the squares of a histogram on the torus whose free energy is known.
type mosaic struct {
	bins   int
	values []float64
}

func (m mosaic) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	edge := func(i int) float64 { return 360*float64(i)/float64(m.bins) - 180 }
	for i, f := range m.values {
		if f > surfaceTop {
			continue
		}
		a, b := i%m.bins, i/m.bins
		// A hair wider, lest the ground shine through between neighbours.
		const hair = 0.3
		c.FillPolygon(energyColor(f), []vg.Point{
			{X: x(edge(a)), Y: y(edge(b))}, {X: x(edge(a+1)) + hair, Y: y(edge(b))},
			{X: x(edge(a+1)) + hair, Y: y(edge(b+1)) + hair}, {X: x(edge(a)), Y: y(edge(b+1)) + hair},
		})
	}
}
