package paper

// Budget is how much work a run does. Everything but the times follows from it
// and the seed.
type Budget struct {
	Trajectories int `json:"trajectories"`      // repetitions of the experiment as printed
	PrintedSteps int `json:"printed_steps"`     // training steps of each
	Replicas     int `json:"replicas"`          // of the simulation that gives the data
	Frames       int `json:"frames"`            // that each replica gives
	TrainSteps   int `json:"train_steps"`       // of the flow done well
	Batch        int `json:"batch"`             // samples in a training step
	Generated    int `json:"generated"`         // samples in each test
	Cloud        int `json:"cloud"`             // samples on each side of W2 in the plane, done well
	Repeats2D    int `json:"repeats_joint"`     // repetitions of W2 in the plane
	Repeats1D    int `json:"repeats_marginal"`  // repetitions of W2 of one coordinate
	Repeats600   int `json:"repeats_600"`       // repetitions with 600 points
	ESS          int `json:"ess_samples"`       // samples for the effective sample size
	Grid         int `json:"grid"`              // points along each side for the quadrature
	Lipschitz    int `json:"lipschitz_samples"` // samples for the bi-Lipschitz constants
	Runs         int `json:"dynamics_runs"`     // runs of the dynamics
	Permutations int `json:"permutations"`      // of the two-sample tests
}

var fullBudget = Budget{
	Trajectories: 5, PrintedSteps: 2000,
	Replicas: 4000, Frames: 250, TrainSteps: 8000, Batch: 1024,
	Generated: 10_000, Cloud: 10_000, Repeats2D: 10, Repeats1D: 50, Repeats600: 10,
	ESS: 1_000_000, Grid: 512, Lipschitz: 10_000,
	Runs: 1000, Permutations: 1999,
}

var quickBudget = Budget{
	Trajectories: 1, PrintedSteps: 1000,
	Replicas: 2000, Frames: 150, TrainSteps: 4000, Batch: 1024,
	Generated: 10_000, Cloud: 4000, Repeats2D: 5, Repeats1D: 10, Repeats600: 2,
	ESS: 100_000, Grid: 256, Lipschitz: 2000,
	Runs: 500, Permutations: 499,
}
