package md

import (
	"encoding/json"
	"os"
	"testing"
)

// reference is testdata/doublewell.json: integrals to 30 digits, and the
// invariant law of Euler–Maruyama from its transition kernel.
type reference struct {
	Beta          float64
	Z, E_U        float64
	E_x1_2        float64   `json:"E_x1_2"`
	E_x1_4        float64   `json:"E_x1_4"`
	E_x1_6        float64   `json:"E_x1_6"`
	E_x2_2        float64   `json:"E_x2_2"`
	E_x2_4        float64   `json:"E_x2_4"`
	FreeEnergy    float64   `json:"free_energy"`
	CoreShare     float64   `json:"prob_abs_x1_lt_0p5"`
	DensityAt0    float64   `json:"p0_density_x1_at_0"`
	PassageTo0    float64   `json:"mfpt_m1_to_0"`
	PassageAcross float64   `json:"mfpt_m1_to_p1"`
	PassageCores  float64   `json:"mfpt_m0p5_to_p0p5"`
	CoreRate      float64   `json:"core_transitions_per_unit_time_cores_at_0p5"`
	Grid          []float64 `json:"grid_x1"`
	PDF           []float64 `json:"pdf_x1"`
	CDF           []float64 `json:"cdf_x1"`
	Euler         map[string]struct {
		E_x1_2      float64 `json:"E_x1_2"`
		E_x2_2      float64 `json:"E_x2_2"`
		SignChanges float64 `json:"expected_sign_changes_in_600_steps"`
	} `json:"euler_maruyama"`
}

func readReference(t testing.TB) []reference {
	t.Helper()
	var file struct{ Results []reference }
	raw, err := os.ReadFile("testdata/doublewell.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Results) == 0 {
		t.Fatal("testdata/doublewell.json holds no results")
	}
	return file.Results
}

// referenceAt returns the entry for one β.
func referenceAt(t testing.TB, beta float64) reference {
	t.Helper()
	for _, r := range readReference(t) {
		if r.Beta == beta {
			return r
		}
	}
	t.Fatalf("no reference for β = %v", beta)
	return reference{}
}

func newLaw(t testing.TB, beta float64) *DoubleWellLaw {
	t.Helper()
	law, err := NewDoubleWellLaw(beta)
	if err != nil {
		t.Fatal(err)
	}
	return law
}
