package paper

import (
	"runtime"
	"strings"
	"time"

	"github.com/klauspost/cpuid/v2"

	"pushforward/kernels"
)

// Provenance says what made the results.
type Provenance struct {
	Seed     uint64  `json:"seed"`
	Version  string  `json:"version"`
	Go       string  `json:"go"`
	Platform string  `json:"platform"`
	CPU      string  `json:"cpu"`
	ISA      string  `json:"instruction_set"`
	Threads  int     `json:"threads"`
	Begun    string  `json:"begun"` // UTC, RFC 3339
	Seconds  float64 `json:"seconds"`
	Stages   []Stage `json:"stages"`
}

// Stage is a part of the run and the time it took.
type Stage struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

func (s *runner) provenance() Provenance {
	p := Provenance{
		Seed: s.options.Seed, Version: s.options.Version, Go: runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		CPU:      strings.TrimSpace(cpuid.CPU.BrandName), ISA: kernels.Active().String(),
		Threads: s.threads(), Begun: s.begin.UTC().Format(time.RFC3339),
		Seconds: time.Since(s.begin).Seconds(), Stages: s.stages,
	}
	if p.CPU == "" {
		p.CPU = runtime.GOARCH
	}
	if p.Version == "" {
		p.Version = "unknown"
	}
	return p
}
