package kernels_test

import "testing"

func FuzzAtan2(f *testing.F)         { fuzzKernel(f, "Atan2") }
func FuzzAcos(f *testing.F)          { fuzzKernel(f, "Acos") }
func FuzzBonds(f *testing.F)         { fuzzKernel(f, "Bonds") }
func FuzzAngles(f *testing.F)        { fuzzKernel(f, "Angles") }
func FuzzTorsions(f *testing.F)      { fuzzKernel(f, "Torsions") }
func FuzzTorsionAngles(f *testing.F) { fuzzKernel(f, "TorsionAngles") }
