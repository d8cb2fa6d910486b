package ot

import (
	"fmt"
	"strings"
)

// Method is an algorithm that finds the exact optimum. They agree in the value
// and differ in speed; where the optimal plan is not unique, in the plan.
type Method uint8

const (
	// Automatic chooses by the problem's sizes, weights, cost and dimension.
	Automatic Method = iota
	// Auction is an ε-scaling auction (Bertsekas 1988) with an exact finish:
	// for equal sizes and uniform weights.
	Auction
	// ColumnGeneration is a network simplex on few of the n·m pairs, to which
	// sweeps over all of them add what is missing: for any problem.
	ColumnGeneration
	// SmallSide is a network simplex that looks at all points of the smaller
	// side at each step: for any problem, good when that side is small.
	SmallSide
	// Sorting is the monotone coupling: for points on a line.
	Sorting
)

var methodNames = [...]string{"automatic", "auction", "column generation", "small side", "sorting"}

func (m Method) String() string {
	if int(m) < len(methodNames) {
		return methodNames[m]
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// ParseMethod finds the method of a name, as String writes it; a hyphen may
// stand for the space and capitals for small letters.
func ParseMethod(name string) (Method, error) {
	plain := strings.ReplaceAll(strings.ToLower(name), "-", " ")
	for m, n := range methodNames {
		if n == plain {
			return Method(m), nil
		}
	}
	return Automatic, fmt.Errorf("ot: no method %q, want one of %s", name, strings.Join(methodNames[:], ", "))
}
