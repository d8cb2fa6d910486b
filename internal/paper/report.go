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

var reportTemplate = template.Must(template.New("report").Funcs(formats).Parse(reportText))

// formats are the functions of all templates.
var formats = template.FuncMap{
	"w2":         func(v float64) string { return fmt.Sprintf("%.4f", v) },
	"short":      func(v any) string { return shortNumber(v) },
	"percent":    func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) },
	"percent2":   func(v float64) string { return fmt.Sprintf("%.2f %%", 100*v) },
	"fixed0":     func(v float64) string { return strings.Replace(fmt.Sprintf("%.0f", v), "-", "−", 1) },
	"fixed4":     func(v float64) string { return fmt.Sprintf("%.4f", v) },
	"thousandsf": func(v float64) string { return thousands(int(math.Round(v))) },
	"shares":     func(p, se float64) string { return fmt.Sprintf("%.1f\u00a0±\u00a0%.1f\u00a0%%", 100*p, 100*se) },
	"energy":     energyText,
	"seconds":    func(v float64) string { return fmt.Sprintf("%.1f s", v) },
	"millis":     func(v float64) string { return fmt.Sprintf("%.1f ms", 1000*v) },
	"fixed1":     func(v float64) string { return fmt.Sprintf("%.1f", v) },
	"fixed2":     func(v float64) string { return fmt.Sprintf("%.2f", v) },
	"double":     func(n int) int { return 2 * n },
	"fixed5":     func(v float64) string { return fmt.Sprintf("%.5f", v) },
	"thousands":  thousands,
	"root":       math.Sqrt,
	"pvalue":     func(v float64) string { return fmt.Sprintf("%.3f", v) },
	"signed":     func(v float64) string { return fmt.Sprintf("%+.2f", v) },
	"plus1":      func(i int) int { return i + 1 },
}

// reportPage is the report in one file: the experiments' sections, and how all
// was made.
func reportPage(r *Results, sections string) ([]byte, error) {
	var b bytes.Buffer
	err := reportTemplate.Execute(&b, struct {
		*Results
		Sections template.HTML
	}{r, template.HTML(sections)})
	return b.Bytes(), err
}

// embedded is a picture as an address that holds it.
func embedded(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
}

// energyText writes an energy in kJ/mol, and says so when it is not finite.
func energyText(v Number) string {
	if x := float64(v); math.IsInf(x, 0) || math.IsNaN(x) {
		return "∞"
	}
	return strings.Replace(fmt.Sprintf("%.2f", float64(v)), "-", "−", 1)
}

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
