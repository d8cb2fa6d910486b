package flow

import (
	"fmt"
	"math"

	"pushforward/kernels"
)

// Schedule says how the learning rate changes after the warm-up.
type Schedule uint8

const (
	// Cosine lets the rate fall along half a period of a cosine, to zero after the last step.
	Cosine Schedule = iota
	// Constant keeps it.
	Constant
)

// String returns "cosine" or "constant".
func (s Schedule) String() string {
	switch s {
	case Cosine:
		return "cosine"
	case Constant:
		return "constant"
	}
	return fmt.Sprintf("Schedule(%d)", uint8(s))
}

// ParseSchedule reads what String writes.
func ParseSchedule(name string) (Schedule, error) {
	for _, s := range []Schedule{Cosine, Constant} {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("flow: schedule %.40q is not known, want cosine or constant", name)
}

// MarshalText and UnmarshalText write and read the name.
func (s Schedule) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Schedule) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSchedule(string(text))
	return err
}

// rateFactor is the learning rate of a step (counted from 0) as a share of the highest: it rises
// linearly over the warm-up, then follows the schedule. math.Cos differs between machines, the
// kernels don't.
func (c *TrainConfig) rateFactor(step int) float64 {
	if step < c.WarmUp {
		return float64(step+1) / float64(c.WarmUp)
	}
	if c.Schedule == Constant {
		return 1
	}
	share := float64(step-c.WarmUp) / float64(max(c.Steps-c.WarmUp, 1))
	var sin, cos [1]float64
	kernels.SinCos(sin[:], cos[:], []float64{float64(math.Pi * share)})
	return 0.5 + float64(0.5*cos[0])
}

// powers has β₁ᵗ and β₂ᵗ of AdamW's bias corrections after t steps, by repeated multiplication.
type powers struct{ beta1, beta2 float64 }

func powersAfter(steps int, o AdamW) powers {
	p := powers{1, 1}
	for range steps {
		p.next(o)
		if p == (powers{}) {
			break
		}
	}
	return p
}

func (p *powers) next(o AdamW) {
	p.beta1 = float64(p.beta1 * o.Beta1)
	p.beta2 = float64(p.beta2 * o.Beta2)
}
