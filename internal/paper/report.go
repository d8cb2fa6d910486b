package paper

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

//go:embed report.html
var reportText string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"w2":        func(v float64) string { return fmt.Sprintf("%.4f", v) },
	"short":     func(v any) string { return shortNumber(v) },
	"percent":   func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) },
	"seconds":   func(v float64) string { return fmt.Sprintf("%.1f s", v) },
	"millis":    func(v float64) string { return fmt.Sprintf("%.1f ms", 1000*v) },
	"fixed1":    func(v float64) string { return fmt.Sprintf("%.1f", v) },
	"fixed2":    func(v float64) string { return fmt.Sprintf("%.2f", v) },
	"double":    func(n int) int { return 2 * n },
	"fixed5":    func(v float64) string { return fmt.Sprintf("%.5f", v) },
	"thousands": thousands,
	"root":      math.Sqrt,
	"pvalue":    func(v float64) string { return fmt.Sprintf("%.3f", v) },
	"signed":    func(v float64) string { return fmt.Sprintf("%+.2f", v) },
	"plus1":     func(i int) int { return i + 1 },
}).Parse(reportText))

// shortNumber writes a number with few digits, and says so when it is none.
func shortNumber(v any) string {
	var x float64
	switch v := v.(type) {
	case Number:
		x = float64(v)
	case float64:
		x = v
	}
	switch {
	case math.IsNaN(x):
		return "not a number"
	case math.IsInf(x, 0):
		return "infinite"
	case x != 0 && (math.Abs(x) < 1e-4 || math.Abs(x) >= 1e5):
		mantissa, exponent, _ := strings.Cut(fmt.Sprintf("%.1e", x), "e")
		power, _ := strconv.Atoi(exponent)
		return strings.TrimSuffix(mantissa, ".0") + "\u00a0×\u00a010" + superscript(power)
	case math.Abs(x) < 1e-2:
		return fmt.Sprintf("%.2g", x)
	}
	return fmt.Sprintf("%.4g", x)
}

// superscript writes an exponent.
func superscript(n int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
		"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(n))
}

// page is what the report's template sees.
type page struct {
	*Results
	W      *DoubleWell
	First  PrintedRun // of those as printed
	Figure template.URL
	// Ranges over the runs as printed.
	Joint, Signs, KLs         string
	DistanceChart, CountChart template.HTML
	AllMet                    bool
}

// report returns the page in one file.
func (e *experiment) reportPage(r *Results, png []byte) ([]byte, error) {
	w := r.DoubleWell
	p := page{Results: r, W: w, First: w.AsPrinted.Runs[0], AllMet: true,
		Figure:        template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)),
		DistanceChart: distanceChart(w), CountChart: countChart(w),
	}
	for _, a := range w.Aims {
		p.AllMet = p.AllMet && a.Met
	}
	runs := w.AsPrinted.Runs
	p.Joint = rangeOf(runs, "%.3f", func(r PrintedRun) float64 { return r.Joint.W2 })
	p.Signs = rangeOf(runs, "%.0f", func(r PrintedRun) float64 { return float64(r.SignChanges) })
	p.KLs = rangeOf(runs, "%.3g", func(r PrintedRun) float64 { return float64(r.Density.KL) })
	var b bytes.Buffer
	if err := reportTemplate.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
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
