package ot

import "testing"

func TestMethodsHaveNames(t *testing.T) {
	for _, m := range []Method{Automatic, Auction, ColumnGeneration, SmallSide, Sorting} {
		if got, err := ParseMethod(m.String()); err != nil || got != m {
			t.Errorf("%v parses as %v, error %v", m, got, err)
		}
	}
	if got, err := ParseMethod("Column-Generation"); err != nil || got != ColumnGeneration {
		t.Errorf("%v, error %v", got, err)
	}
	if _, err := ParseMethod("magic"); err == nil {
		t.Error("no error for an unknown name")
	}
}
