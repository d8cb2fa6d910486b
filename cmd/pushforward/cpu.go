package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"github.com/klauspost/cpuid/v2"

	"pushforward/internal/cli"
	"pushforward/kernels"
)

func cpuCommand() *cli.Command {
	return &cli.Command{
		Name:    "cpu",
		Summary: "the CPU's features and the kernels chosen",
		Description: `Prints what the CPU offers, which instruction sets the kernels can run on here,
and which of them they run on. PUSHFORWARD_ISA=avx512|avx2|neon|go chooses
another; the results are the same bits.`,
		Example:      "pushforward cpu\nPUSHFORWARD_ISA=go pushforward cpu --json",
		NoRandomness: true,
		Run: func(_ context.Context, env *cli.Env, _ []string) error {
			c := describeCPU()
			return env.Result(c, c.print)
		},
	}
}

type cpuReport struct {
	Name       string   `json:"name"`
	Arch       string   `json:"arch"`
	Cores      int      `json:"physical_cores"`
	Threads    int      `json:"threads"`
	L1D        int      `json:"l1d_bytes"`
	L2         int      `json:"l2_bytes"`
	L3         int      `json:"l3_bytes"`
	Features   []string `json:"features"`
	Available  []string `json:"available"`
	Active     string   `json:"active"`
	GOMAXPROCS int      `json:"gomaxprocs"`
}

func describeCPU() cpuReport {
	c := cpuReport{
		Name: cpuName(), Arch: runtime.GOARCH,
		Cores: cpuid.CPU.PhysicalCores, Threads: runtime.NumCPU(), GOMAXPROCS: runtime.GOMAXPROCS(0),
		L1D: max(cpuid.CPU.Cache.L1D, 0), L2: max(cpuid.CPU.Cache.L2, 0), L3: max(cpuid.CPU.Cache.L3, 0),
		Features: cpuid.CPU.FeatureSet(), Active: kernels.Active().String(),
	}
	slices.Sort(c.Features)
	for _, isa := range kernels.Available() {
		c.Available = append(c.Available, isa.String())
	}
	return c
}

func (c cpuReport) print(w io.Writer) {
	fmt.Fprintf(w, "CPU          %s (%s)\n", c.Name, c.Arch)
	fmt.Fprintf(w, "threads      %d, of which at most %d are used\n", c.Threads, c.GOMAXPROCS)
	fmt.Fprintf(w, "caches       L1 %s, L2 %s, L3 %s\n", bytesText(c.L1D), bytesText(c.L2), bytesText(c.L3))
	fmt.Fprintf(w, "kernels on   %s (of %s)\n", c.Active, strings.Join(c.Available, ", "))
	fmt.Fprintf(w, "features     ")
	column := 13
	for _, f := range c.Features {
		if column+len(f) > 79 {
			fmt.Fprintf(w, "\n%13s", "")
			column = 13
		}
		fmt.Fprintf(w, "%s ", f)
		column += len(f) + 1
	}
	fmt.Fprintln(w)
}

func bytesText(n int) string {
	switch {
	case n <= 0:
		return "unknown"
	case n >= 1<<20:
		return fmt.Sprintf("%.3g MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.3g KiB", float64(n)/(1<<10))
}
