package paper

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed alanine.html
var alanineText string

var alanineTemplate = template.Must(template.New("alanine dipeptide").Funcs(formats).Parse(alanineText))

// alaninePage is what the section's template sees.
type alaninePage struct {
	A           *Alanine
	P           *AlaninePrinted
	D           *AlanineDoneWell
	Best        AlanineFlow
	LargestSE   float64
	LargePoints int
	Figure      template.URL
	Basins      []basinRow
}

// basinRow is one basin in every simulation and flow.
type basinRow struct {
	Name  string
	Cells []basinCell
}

type basinCell struct {
	Label    string
	P        Population
	Replicas bool // whether P is of several replicas
}

func (e *alanine) section(f figure) (string, error) {
	p, d := &e.result.AsPrinted, &e.result.DoneWell
	page := alaninePage{
		A: &e.result, P: p, D: d, Best: d.Flows[len(d.Flows)-1], LargePoints: e.large, Figure: embedded(f.png),
	}
	for i, b := range basins {
		page.LargestSE = max(page.LargestSE, d.Simulation.Populations[i].SE)
		row := basinRow{b.name, []basinCell{
			{"six trajectories", p.Simulation.Populations[i], true},
			{"flow trained on them", p.Generated.Populations[i], false},
			{"converged simulation", d.Simulation.Populations[i], true},
		}}
		for _, f := range d.Flows {
			row.Cells = append(row.Cells, basinCell{"flow, " + thousands(f.Training.Parameters) + " parameters", f.Generated.Populations[i], false})
		}
		page.Basins = append(page.Basins, row)
	}
	var text strings.Builder
	err := alanineTemplate.Execute(&text, page)
	return text.String(), err
}
