package npy

import (
	"errors"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAStreamIsAnArchiveOfUnknownLength(t *testing.T) {
	for _, items := range []int{0, 1, 7, 300000} {
		path := filepath.Join(t.TempDir(), "x.npz")
		s, err := CreateStream[float32](path, "positions", 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		var want []float32
		for i := range items {
			item := make([]float32, 6)
			for k := range item {
				item[k] = float32(6*i + k)
			}
			want = append(want, item...)
		}
		for _, part := range slices.Collect(slices.Chunk(want, 6*100001)) {
			if err := s.Append(part); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file is there before its end: %v", err)
		}
		if err := s.Close(func(a *ArchiveWriter) error {
			return AddTo(a, "step", Array[int64]{[]int{2}, []int64{5, 6}})
		}); err != nil {
			t.Fatal(err)
		}
		a, err := OpenArchive(path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		got, err := ReadFrom[float32](a, "positions")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Shape, []int{items, 2, 3}) || !slices.Equal(got.Data, want) {
			t.Errorf("%d items became an array of shape %v", items, got.Shape)
		}
		step, err := ReadFrom[int64](a, "step")
		if err != nil || !slices.Equal(step.Data, []int64{5, 6}) {
			t.Errorf("step is %v, %v", step, err)
		}
	}
}

func TestAStreamLeavesNothingBehindAnError(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.npz")
	begin := func() *Stream[float64] {
		s, err := CreateStream[float64](path, "x", 1)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	failure := errors.New("no")
	if err := begin().Close(func(*ArchiveWriter) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("error is %v, want %v", err, failure)
	}
	begin().Discard()
	s := begin()
	if err := s.Close(func(*ArchiveWriter) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(func(*ArchiveWriter) error { return nil }); err == nil {
		t.Error("no error of a second Close")
	}
	s.Discard()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v, want one file", entries, err)
	}
	_, err = CreateStream[float64](filepath.Join(dir, "no", "x.npz"), "x", 1)
	if err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error is %v", err)
	}
}

func TestStreamPanicsOnPartsOfItems(t *testing.T) {
	s, err := CreateStream[float64](filepath.Join(t.TempDir(), "x.npz"), "x", 3)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Discard()
	defer func() {
		if want := "npy: Append: len(data) = 4, want a multiple of 3"; recover() != want {
			t.Errorf("no panic with %q", want)
		}
	}()
	_ = s.Append(make([]float64, 4))
}

func TestChecksumOfTwoPartsIsThatOfTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		text := make([]byte, r.IntN(3000))
		for i := range text {
			text[i] = byte(r.Uint32())
		}
		cut := r.IntN(len(text) + 1)
		got := appendedChecksum(crc32.ChecksumIEEE(text[:cut]), crc32.ChecksumIEEE(text[cut:]), int64(len(text)-cut))
		if want := crc32.ChecksumIEEE(text); got != want {
			t.Fatalf("cut at %d of %d: %08x, want %08x", cut, len(text), got, want)
		}
	}
	// x to the power 2³²−1 is 1 modulo this primitive polynomial, so 2³²−1 bytes change nothing.
	if got := appendedChecksum(0x12345678, 0, math.MaxUint32); got != 0x12345678 {
		t.Errorf("2³²−1 bytes turn it into %08x", got)
	}
}
