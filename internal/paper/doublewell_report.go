package paper

import (
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strings"
)

//go:embed doublewell.html
var doubleWellText string

var doubleWellTemplate = template.Must(template.New("double well").Funcs(formats).Parse(doubleWellText))

// doubleWellPage is what the section's template sees.
type doubleWellPage struct {
	W      *DoubleWell
	First  PrintedRun // of those as printed
	Figure template.URL
	// Ranges over the runs as printed.
	Joint, Signs, KLs         string
	DistanceChart, CountChart template.HTML
}

func (e *doubleWell) section(f figure) (string, error) {
	w := &e.result
	runs := w.AsPrinted.Runs
	var b strings.Builder
	err := doubleWellTemplate.Execute(&b, doubleWellPage{
		W: w, First: runs[0], Figure: embedded(f.png),
		DistanceChart: distanceChart(w), CountChart: countChart(w),
		Joint: rangeOf(runs, "%.3f", func(r PrintedRun) float64 { return r.Joint.W2 }),
		Signs: rangeOf(runs, "%.0f", func(r PrintedRun) float64 { return float64(r.SignChanges) }),
		KLs:   rangeOf(runs, "%.3g", func(r PrintedRun) float64 { return float64(r.Density.KL) }),
	})
	return b.String(), err
}

// rangeOf writes the range of a number over the runs, or the number where
// there is one run.
func rangeOf(runs []PrintedRun, format string, value func(PrintedRun) float64) string {
	least, greatest := math.Inf(1), math.Inf(-1)
	for _, r := range runs {
		v := value(r)
		least, greatest = min(least, v), max(greatest, v)
	}
	from, to := fmt.Sprintf(format, least), fmt.Sprintf(format, greatest)
	if from == to {
		return from
	}
	return from + " to " + to
}
