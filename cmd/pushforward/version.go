package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/klauspost/cpuid/v2"

	"pushforward/internal/cli"
	"pushforward/kernels"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:         "version",
		Summary:      "version, Go, CPU and instruction set",
		Example:      "pushforward version",
		NoRandomness: true,
		Run: func(_ context.Context, env *cli.Env, _ []string) error {
			v := about()
			return env.Result(v, func(w io.Writer) {
				fmt.Fprintf(w, "pushforward %s\n%s %s/%s\n%s, kernels on %s\n", v.Version, v.Go, v.OS, v.Arch, v.CPU, v.ISA)
			})
		},
	}
}

// build says what made a result.
type build struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	CPU     string `json:"cpu"`
	ISA     string `json:"isa"`
}

func about() build {
	return build{
		Version: version(),
		Go:      runtime.Version(),
		OS:      runtime.GOOS,
		Arch:    runtime.GOARCH,
		CPU:     cpuName(),
		ISA:     kernels.Active().String(),
	}
}

// version is the module's version, or the commit that was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value[:min(len(s.Value), 12)]
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+changes"
			}
		}
	}
	if commit == "" {
		return "devel"
	}
	return "devel " + commit + dirty
}

func cpuName() string {
	if cpuid.CPU.BrandName != "" {
		return cpuid.CPU.BrandName
	}
	return "unknown " + runtime.GOARCH + " CPU"
}
