package paper

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// The report's small charts are inline SVG whose colours come from the page's
// style, so that they follow its light or dark scheme.

// distanceChart shows every repetition of W2 in the plane as a dot.
func distanceChart(w *DoubleWell) template.HTML {
	rows := []struct {
		label, class string
		values       []float64
	}{
		{"noise floor: exact against exact", "floor", w.Floors.Joint.Values},
		{"flow done well against exact", "good", w.DoneWell.Joint.Values},
		{"noise floor: 600 independent exact draws", "floor", w.Floors.Joint600.Values},
		{"noise floor: 600 steps against exact", "floor", w.Floors.Trajectory600.Values},
		{"as printed, against its own training data", "bad", nil},
		{"as printed, against exact", "bad", nil},
	}
	for _, r := range w.AsPrinted.Runs {
		rows[4].values = append(rows[4].values, r.Joint.W2)
		rows[5].values = append(rows[5].values, r.ExactJoint.W2)
	}
	top := 0.1
	for _, r := range rows {
		for _, v := range r.values {
			top = max(top, v)
		}
	}
	top = math.Ceil(top*10) / 10
	const wide, rowHigh, left, right = 420, 42, 10, 10
	high := rowHigh*len(rows) + 34
	x := func(v float64) float64 { return left + (wide-left-right)*v/top }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="Distances W2 in the plane">`, wide, high)
	step := 0.1
	if top > 1 {
		step = math.Ceil(top / 6)
	}
	for v := 0.0; v <= top+1e-9; v += step {
		fmt.Fprintf(&b, `<line class="grid" x1="%.1f" x2="%.1f" y1="4" y2="%d"/><text class="tick" x="%.1f" y="%d" text-anchor="%s">%.1f</text>`,
			x(v), x(v), high-28, x(v), high-10, anchor(v, top), v)
	}
	for i, r := range rows {
		y := rowHigh*i + 16
		fmt.Fprintf(&b, `<text class="label" x="%d" y="%d">%s</text>`, left, y, r.label)
		for _, v := range r.values {
			fmt.Fprintf(&b, `<circle class="%s" cx="%.1f" cy="%d" r="5"/>`, r.class, x(v), y+13)
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// anchor keeps the labels at the ends of an axis inside.
func anchor(v, top float64) string {
	switch {
	case v <= 0:
		return "start"
	case v > 0.95*top:
		return "end"
	}
	return "middle"
}

// countChart shows the law of the number of sign changes as two histograms.
func countChart(w *DoubleWell) template.HTML {
	d := w.DoneWell.Dynamics.Sign
	least, greatest := math.MaxInt, 0
	for _, values := range [][]int{d.True.Values, d.LearntFree.Values} {
		for _, v := range values {
			least, greatest = min(least, v), max(greatest, v)
		}
	}
	const width = 4 // counts in a bin
	first := least / width
	bins := greatest/width - first + 1
	count := func(values []int) ([]float64, float64) {
		n, most := make([]float64, bins), 0.0
		for _, v := range values {
			n[v/width-first] += 1 / float64(len(values))
		}
		for _, v := range n {
			most = max(most, v)
		}
		return n, most
	}
	truth, most1 := count(d.True.Values)
	learnt, most2 := count(d.LearntFree.Values)
	top := max(most1, most2) * 1.05
	const wide, high, left, right, bottom = 420, 200, 10, 10, 30
	slot := float64(wide-left-right) / float64(bins)
	y := func(v float64) float64 { return high - bottom - (high-bottom-26)*v/top }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="Numbers of sign changes">`, wide, high)
	var steps strings.Builder
	for i := range bins {
		from := left + slot*float64(i)
		fmt.Fprintf(&b, `<rect class="good" x="%.1f" width="%.1f" y="%.1f" height="%.1f"/>`,
			from+1, slot-2, y(learnt[i]), high-bottom-y(learnt[i]))
		command := "L"
		if i == 0 {
			command = "M"
		}
		fmt.Fprintf(&steps, "%s%.1f,%.1fL%.1f,%.1f", command, from, y(truth[i]), from+slot, y(truth[i]))
	}
	fmt.Fprintf(&b, `<path class="outline" d="%s"/>`, steps.String())
	fmt.Fprintf(&b, `<line class="axis" x1="%d" x2="%d" y1="%d" y2="%d"/>`, left, wide-right, high-bottom, high-bottom)
	for v := (least/20 + 1) * 20; v <= greatest; v += 20 {
		fmt.Fprintf(&b, `<text class="tick" x="%.1f" y="%d" text-anchor="middle">%d</text>`,
			left+slot*float64(v-first*width)/width, high-bottom+20, v)
	}
	fmt.Fprintf(&b, `<text class="label" x="%d" y="16">line: true dynamics; bars: in the learnt potential</text></svg>`, left)
	return template.HTML(b.String())
}
