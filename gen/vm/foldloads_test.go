package vm

import "testing"

// folding compiles the difference of x and what load makes, with between after the load.
func folding(m *Machine, load func(b *Builder, p I) V, between func(b *Builder, p I, x V)) *Program {
	b := NewBuilder("Folding", F32, m, []Arg{{"dst", PtrT}, {"x", PtrT}})
	dst, p := b.Arg("dst"), b.Arg("x")
	x := b.Move(b.Load(At(p)))
	y := load(b, p)
	between(b, p, x)
	b.Store(At(dst), b.Sub(x, y))
	b.Ret()
	b.P.FoldLoads()
	return b.P
}

func TestLoadsBecomeOperandsWhereNothingComesBetween(t *testing.T) {
	m := *wide
	m.Folds = func(op Op, i int) bool { return op == Sub && i == 1 }
	elements := m
	elements.Broadcasts = true
	vector := func(b *Builder, p I) V { return b.Load(At(p).Offset(64)) }
	element := func(b *Builder, p I) V { return b.Broadcast(At(p)) }
	nothing := func(*Builder, I, V) {}
	for name, c := range map[string]struct {
		m       *Machine
		load    func(b *Builder, p I) V
		between func(b *Builder, p I, x V)
		fold    int
	}{
		"a vector":                         {&m, vector, nothing, FoldVector},
		"an element":                       {&elements, element, nothing, FoldElement},
		"an element, where it must be one": {&m, element, nothing, 0},
		"a machine without":                {wide, vector, nothing, 0},
		"after a store":                    {&m, vector, func(b *Builder, p I, x V) { b.Store(At(p), x) }, 0},
		"after the pointer moves":          {&m, vector, func(b *Builder, p I, x V) { b.AdvanceConst(p, 4) }, 0},
		"after a jump":                     {&m, vector, func(b *Builder, p I, x V) { b.Jump("on"); b.Label("on") }, 0},
		"after other arithmetic":           {&m, vector, func(b *Builder, p I, x V) { b.AddTo(x, x) }, FoldVector},
	} {
		fold := 0
		for _, in := range folding(c.m, c.load, c.between).Code {
			if in.Op == Sub {
				fold = in.Fold[1]
			}
		}
		if fold != c.fold {
			t.Errorf("%s: Fold is %d, want %d", name, fold, c.fold)
		}
	}
}

func TestALoadThatIsReadTwiceStays(t *testing.T) {
	m := *wide
	m.Folds = func(op Op, i int) bool { return true }
	b := NewBuilder("Twice", F32, &m, []Arg{{"dst", PtrT}, {"x", PtrT}})
	x := b.Load(At(b.Arg("x")))
	b.Store(At(b.Arg("dst")), b.Mul(x, x))
	b.Ret()
	b.P.FoldLoads()
	for _, in := range b.P.Code {
		if in.Op == Load {
			return
		}
	}
	t.Error("the load is gone")
}
