package kernels

import (
	"fmt"

	"pushforward/asm"
)

// Activation is the function that ends a layer of a network.
type Activation uint8

// The activations, as networks name them.
const (
	Identity  Activation = iota // x
	ReLU                        // max(x, 0)
	LeakyReLU                   // x for x >= 0, 0.01 x below
	TanhUnit                    // tanh x
	SiLU                        // x / (1 + e^-x)
)

// leakySlope is LeakyReLU's slope below zero.
const leakySlope = 0.01

var activationNames = [...]string{
	Identity: "identity", ReLU: "relu", LeakyReLU: "leaky-relu", TanhUnit: "tanh", SiLU: "silu",
}

// String gives the name that ParseActivation knows.
func (a Activation) String() string {
	if int(a) < len(activationNames) {
		return activationNames[a]
	}
	return fmt.Sprintf("Activation(%d)", uint8(a))
}

// ParseActivation finds an activation by its name: identity, relu, leaky-relu,
// tanh or silu.
func ParseActivation(name string) (Activation, error) {
	for a, n := range activationNames {
		if n == name {
			return Activation(a), nil
		}
	}
	return Identity, fmt.Errorf("unknown activation %q: want identity, relu, leaky-relu, tanh or silu", name)
}

// SavesInput tells what ActivateBackward needs of the forward pass: SiLU its
// input x, all others their output y.
func (a Activation) SavesInput() bool { return a == SiLU }

// Activate computes dst[i] = a(x[i]). dst may be x.
//
//	ReLU       0 > x ? 0 : x
//	LeakyReLU  0 > x ? slope*x : x
//	TanhUnit   tanh(x)
//	SiLU       x / (1 + exp(-x))
//
// NaN stays NaN. The limit of SiLU at -Inf is lost: -Inf gives NaN.
//
//go:noinline
func Activate[T Float](a Activation, dst, x []T) {
	checkActivation("Activate", a)
	checkLen("Activate", "dst", len(dst), len(x), "len(x)")
	for i := 0; i < len(x); i += chunk {
		j := min(i+chunk, len(x))
		activateSlice(a, dst[i:j], x[i:j])
	}
}

// ActivateBackward computes dx[i] = dy[i] * a'(.), the gradient with respect to
// an activation's input. z holds the inputs where a.SavesInput(), and the
// outputs otherwise. dx may be dy or z.
//
//	ReLU       y > 0 ? dy : 0
//	LeakyReLU  y > 0 ? dy : slope*dy
//	TanhUnit   dy * fma(-y, y, 1)
//	SiLU       dy * (s * fma(x, 1-s, 1)),  s = 1/(1+exp(-x))
//
//go:noinline
func ActivateBackward[T Float](a Activation, dx, dy, z []T) {
	checkActivation("ActivateBackward", a)
	checkLen("ActivateBackward", "dx", len(dx), len(dy), "len(dy)")
	checkLen("ActivateBackward", "z", len(z), len(dy), "len(dy)")
	for i := 0; i < len(dy); i += chunk {
		j := min(i+chunk, len(dy))
		activateBackwardSlice(a, dx[i:j], dy[i:j], z[i:j])
	}
}

//go:noinline
func activateSlice[T Float](a Activation, dst, x []T) {
	isa := Active()
	done := false
	switch a {
	case ReLU:
		done = asm.ReLU(isa, at(dst), at(x), len(x))
	case LeakyReLU:
		done = asm.LeakyReLU(isa, at(dst), at(x), len(x))
	case TanhUnit:
		done = asm.Tanh(isa, at(dst), at(x), len(x))
	case SiLU:
		done = asm.SiLU(isa, at(dst), at(x), len(x))
	}
	if done {
		return
	}
	activateSliceRef(a, dst, x)
}

//go:noinline
func activateBackwardSlice[T Float](a Activation, dx, dy, z []T) {
	isa := Active()
	done := false
	switch a {
	case ReLU:
		done = asm.ReLUBackward(isa, at(dx), at(dy), at(z), len(dy))
	case LeakyReLU:
		done = asm.LeakyReLUBackward(isa, at(dx), at(dy), at(z), len(dy))
	case TanhUnit:
		done = asm.TanhBackward(isa, at(dx), at(dy), at(z), len(dy))
	case SiLU:
		done = asm.SiLUBackward(isa, at(dx), at(dy), at(z), len(dy))
	}
	if done {
		return
	}
	activateBackwardSliceRef(a, dx, dy, z)
}

func checkActivation(op string, a Activation) {
	if int(a) >= len(activationNames) {
		panic(fmt.Sprintf("kernels: %s: unknown activation %d", op, uint8(a)))
	}
}
