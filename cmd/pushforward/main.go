// Command pushforward simulates, learns and samples Boltzmann distributions.
//
// Each subcommand has a file of its own, which reads options and files, calls
// the packages that do the science, and prints what they return. `pushforward
// help` lists them.
package main

import (
	"pushforward/internal/cli"
	"pushforward/kernels"
)

const description = `pushforward samples Boltzmann distributions: it learns a map that pushes a
Gaussian forward to exp(-U/kT), so that one pass gives independent samples.`

func main() {
	app := cli.App{
		Name:        "pushforward",
		Description: description,
		Commands: []*cli.Command{
			paperCommand(),
			simulateCommand(),
			energyCommand(),
			trainCommand(),
			sampleCommand(),
			logProbCommand(),
			w2Command(),
			cpuCommand(),
			checkCommand(),
			versionCommand(),
		},
		Before: func() error {
			// A set that the CPU lacks would otherwise run on plain Go unseen.
			_, err := kernels.Selection()
			return err
		},
	}
	app.Main()
}
