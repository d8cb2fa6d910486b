//go:build linux

package main

import (
	"bytes"
	"testing"
)

func TestOutputEndsAtTheMark(t *testing.T) {
	const text = "PASS\r\nno newline" + endMark + "7\r\nafter\n"
	for step := 1; step <= len(text); step++ {
		var to bytes.Buffer
		o := output{to: &to}
		for p := []byte(text); len(p) > 0; p = p[min(step, len(p)):] {
			if _, err := o.Write(p[:min(step, len(p))]); err != nil {
				t.Fatal(err)
			}
		}
		if to.String() != "PASS\nno newline" || !o.done || o.code != 7 {
			t.Errorf("in steps of %d: %q, done %v, code %d", step, to.String(), o.done, o.code)
		}
	}
}

func TestOutputPassesOnWhatIsNoMark(t *testing.T) {
	var to bytes.Buffer
	o := output{to: &to}
	const text = "a\x1eb\n\x1eavx512-bochs: exit x\nc\n"
	for i := range len(text) {
		if _, err := o.Write([]byte{text[i]}); err != nil {
			t.Fatal(err)
		}
	}
	if to.String() != text || o.done {
		t.Errorf("%q, done %v", to.String(), o.done)
	}
}
