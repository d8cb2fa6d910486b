package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"pushforward/kernels"
)

// Layout says which features the nets of a coupling layer see and give.
type Layout uint8

const (
	// Masked nets see all d features, those that do not condition set to zero, and give d
	// outputs, of which only those of the transformed features act. The rows and columns that do
	// not act are counted as parameters, stay zero, and are never computed.
	Masked Layout = iota
	// Split nets see the d_a conditioning features and give the d_b transformed ones.
	Split
)

// String returns "masked" or "split".
func (l Layout) String() string {
	switch l {
	case Masked:
		return "masked"
	case Split:
		return "split"
	}
	return fmt.Sprintf("Layout(%d)", uint8(l))
}

// ParseLayout reads what String writes.
func ParseLayout(name string) (Layout, error) {
	for _, l := range []Layout{Masked, Split} {
		if l.String() == name {
			return l, nil
		}
	}
	return 0, fmt.Errorf("flow: layout %.40q is not known, want masked or split", name)
}

// Bound limits the logarithm of a layer's scale to s = α·tanh(s_raw), so that no layer stretches
// or shrinks a feature by more than exp(α).
type Bound struct {
	// Factor is α, or its initial value where it is learnt; 0 leaves s = s_raw.
	Factor float64
	// Learnt gives each transformed feature of each layer an α of its own, trained with the rest.
	Learnt bool
}

// Architecture describes a RealNVP flow completely, up to the values of its parameters.
type Architecture struct {
	// Dim is the number of features, d ≥ 2.
	Dim int
	// Layout says what the nets see and give.
	Layout Layout
	// Masks has one mask of Dim features for every coupling layer; the first layer is the first
	// to act on a sample of the base.
	Masks []Mask
	// Hidden has the width of each hidden layer of every net; none means affine nets.
	Hidden []int
	// Activation follows every hidden layer.
	Activation kernels.Activation
	// Bound limits the scales.
	Bound Bound
}

// RealNVP returns the usual architecture: so many coupling layers with alternating masks, two nets
// (scale and shift) in each with the given hidden widths, ReLU, and tanh on the scale.
//
// The paper's flows are RealNVP(2, 6, Masked, 128) with 7,704 parameters and
// RealNVP(2, 6, Split, 64) with 2,316.
func RealNVP(dim, layers int, layout Layout, hidden ...int) Architecture {
	return Architecture{
		Dim:        dim,
		Layout:     layout,
		Masks:      AlternatingMasks(dim, layers),
		Hidden:     slices.Clone(hidden),
		Activation: kernels.ReLU,
		Bound:      Bound{Factor: 1},
	}
}

// MaxLayers is the greatest number of coupling layers of a flow.
const MaxLayers = 1 << 12

// Limits that keep every size computation far from overflow, and a hostile file from asking for
// more memory than any flow needs.
const (
	maxDim    = 1 << 16
	maxHidden = 1 << 16
	maxDepth  = 64
	maxParams = 1 << 31
)

// Check returns an error that says what no flow can be built from, or nil.
func (a Architecture) Check() error {
	switch {
	case a.Dim < 2:
		return fmt.Errorf("flow: dimension %d, want at least 2: a coupling layer needs one feature to condition on and one to transform", a.Dim)
	case a.Dim > maxDim:
		return fmt.Errorf("flow: dimension %d, want at most %d", a.Dim, maxDim)
	case a.Layout != Masked && a.Layout != Split:
		return fmt.Errorf("flow: %v is not known, want Masked or Split", a.Layout)
	case len(a.Masks) == 0:
		return errors.New("flow: no coupling layers, want at least one mask")
	case len(a.Masks) > MaxLayers:
		return fmt.Errorf("flow: %d coupling layers, want at most %d", len(a.Masks), MaxLayers)
	case len(a.Hidden) > maxDepth:
		return fmt.Errorf("flow: %d hidden layers, want at most %d", len(a.Hidden), maxDepth)
	case a.Activation > kernels.SiLU:
		return fmt.Errorf("flow: activation %v is not known", a.Activation)
	case !(a.Bound.Factor >= 0 && a.Bound.Factor <= 1e6):
		return fmt.Errorf("flow: bound of the scale is %g, want 0 (none) or a positive factor", a.Bound.Factor)
	case a.Bound.Learnt && a.Bound.Factor == 0:
		return errors.New("flow: a learnt bound of the scale needs an initial factor above 0")
	}
	for k, mask := range a.Masks {
		if len(mask) != a.Dim {
			return fmt.Errorf("flow: the mask of layer %d has %d features, want %d", k, len(mask), a.Dim)
		}
		if !slices.Contains(mask, true) || !slices.Contains(mask, false) {
			return fmt.Errorf("flow: the mask of layer %d is %.40s, want at least one 1 and one 0", k, mask)
		}
	}
	for j, width := range a.Hidden {
		if width < 1 || width > maxHidden {
			return fmt.Errorf("flow: hidden layer %d has width %d, want 1 to %d", j, width, maxHidden)
		}
	}
	if n := a.NumParameters(); n > maxParams {
		return fmt.Errorf("flow: %d parameters, want at most %d", n, maxParams)
	}
	return nil
}

// NumParameters counts the parameters as the literature does: every entry of every weight and
// bias, whether a mask lets it act or not.
func (a Architecture) NumParameters() int {
	total := 0
	for _, mask := range a.Masks {
		da, db := mask.count()
		in, out := da, db
		if a.Layout == Masked {
			in, out = a.Dim, a.Dim
		}
		total += 2*netParameters(in, a.Hidden, out) + a.boundParameters(db)
	}
	return total
}

// NumActing counts the parameters that can change the map: those that are stored, computed with
// and trained. It equals NumParameters for split nets.
func (a Architecture) NumActing() int {
	total := 0
	for _, mask := range a.Masks {
		da, db := mask.count()
		total += 2*netParameters(da, a.Hidden, db) + a.boundParameters(db)
	}
	return total
}

func (a Architecture) boundParameters(transformed int) int {
	if a.Bound.Learnt {
		return transformed
	}
	return 0
}

func (m Mask) count() (conditioning, transformed int) {
	for _, conditions := range m {
		if conditions {
			conditioning++
		}
	}
	return conditioning, len(m) - conditioning
}

func netParameters(in int, hidden []int, out int) int {
	total := 0
	for _, width := range hidden {
		total += in*width + width
		in = width
	}
	return total + in*out + out
}

// clone copies what the caller could change later.
func (a Architecture) clone() Architecture {
	a.Hidden = slices.Clone(a.Hidden)
	a.Masks = slices.Clone(a.Masks)
	for k := range a.Masks {
		a.Masks[k] = slices.Clone(a.Masks[k])
	}
	return a
}

// architectureJSON is the form in which files hold an architecture.
type architectureJSON struct {
	Kind       string   `json:"kind"`
	Dim        int      `json:"dim"`
	Layout     string   `json:"layout"`
	Masks      []string `json:"masks"`
	Hidden     []int    `json:"hidden"`
	Activation string   `json:"activation"`
	Bound      float64  `json:"bound"`
	Learnt     bool     `json:"bound_learnt"`
}

// MarshalJSON writes the architecture as model files hold it.
func (a Architecture) MarshalJSON() ([]byte, error) {
	form := architectureJSON{
		Kind: "realnvp", Dim: a.Dim, Layout: a.Layout.String(), Hidden: a.Hidden,
		Activation: a.Activation.String(), Bound: a.Bound.Factor, Learnt: a.Bound.Learnt,
	}
	if form.Hidden == nil {
		form.Hidden = []int{}
	}
	for _, mask := range a.Masks {
		form.Masks = append(form.Masks, mask.String())
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what MarshalJSON writes and checks it.
func (a *Architecture) UnmarshalJSON(data []byte) error {
	var form architectureJSON
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	if form.Kind != "realnvp" {
		return fmt.Errorf("flow: architecture of kind %.40q, want realnvp", form.Kind)
	}
	var out Architecture
	var err error
	if out.Layout, err = ParseLayout(form.Layout); err != nil {
		return err
	}
	if out.Activation, err = kernels.ParseActivation(form.Activation); err != nil {
		return err
	}
	out.Dim, out.Hidden = form.Dim, form.Hidden
	out.Bound = Bound{Factor: form.Bound, Learnt: form.Learnt}
	for _, text := range form.Masks {
		mask, err := ParseMask(text)
		if err != nil {
			return err
		}
		out.Masks = append(out.Masks, mask)
	}
	if err := out.Check(); err != nil {
		return err
	}
	*a = out
	return nil
}
