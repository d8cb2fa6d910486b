package md

import (
	"fmt"
	"strings"
)

// Failure tells which replica was lost, and at which step, counted from 1.
type Failure struct {
	Replica int
	Step    uint64
	Cause   FailureCause
}

// FailureCause is why a replica was lost.
type FailureCause uint8

const (
	NotFinite     FailureCause = iota // a coordinate left the finite numbers
	Unconstrained                     // no positions or velocities were found that meet the constraints
)

// UnstableError reports replicas that were lost, as happens to explicit schemes
// when the time step is too large for the potential.
type UnstableError struct {
	Failures []Failure // by replica
	Replicas int       // how many there are in all
	Dt       float64   // the time step
}

// Error names the first few of the lost replicas with their steps.
func (e *UnstableError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "md: %d of %d replicas left the finite numbers with time step %g:", len(e.Failures), e.Replicas, e.Dt)
	for i, f := range e.Failures {
		if i == 4 {
			b.WriteString(" …")
			break
		}
		fmt.Fprintf(&b, " replica %d at step %d", f.Replica, f.Step)
		if f.Cause == Unconstrained {
			b.WriteString(", where constraints could not be met")
		}
		b.WriteString(";")
	}
	b.WriteString(" try a smaller time step")
	return b.String()
}
