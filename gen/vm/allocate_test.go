package vm

import (
	"strings"
	"testing"
)

// alive is a program in which n vectors are needed at once.
func alive(m *Machine, n int) *Program {
	b := NewBuilder("Alive", F32, m, []Arg{{"dst", PtrT}, {"x", PtrT}})
	dst, x := b.Arg("dst"), b.Arg("x")
	v := make([]V, n)
	for i := range v {
		v[i] = b.Load(At(x).Offset(m.Bytes * i))
	}
	for i := range v {
		b.Store(At(dst).Offset(m.Bytes*i), v[i])
	}
	b.Ret()
	return b.P
}

func TestAKernelThatDoesNotFitIsAnError(t *testing.T) {
	for _, registers := range []int{16, 32} {
		m := *wide
		m.Vectors = registers
		if err := alive(&m, registers).Allocate(); err != nil {
			t.Errorf("%d vectors in %d registers: %v", registers, registers, err)
		}
		err := alive(&m, registers+1).Allocate()
		if err == nil || !strings.Contains(err.Error(), "Alive") || !strings.Contains(err.Error(), "registers are alive at instruction") {
			t.Errorf("%d vectors in %d registers: error is %v, want one that names the kernel and the instruction", registers+1, registers, err)
		}
	}
}
