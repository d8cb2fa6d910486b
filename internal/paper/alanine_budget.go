package paper

// AlanineBudget is how much work the experiment with alanine dipeptide does.
type AlanineBudget struct {
	PrintedFrames int `json:"printed_frames"` // of each of six trajectories, a picosecond apart
	PrintedSteps  int `json:"printed_steps"`  // of training

	Replicas   int `json:"replicas"`    // of the converged simulation
	BurnIn     int `json:"burn_in_ps"`  // of each, before the first frame
	Frames     int `json:"frames"`      // of each, a picosecond apart
	TrainSteps int `json:"train_steps"` // of each flow done well
	Batch      int `json:"batch"`

	Samples      int `json:"samples"`     // of each flow, for populations and leaks
	Small        int `json:"small_cloud"` // points on each side of W2
	Large        int `json:"large_cloud"`
	Bins         int `json:"bins"` // of histograms, along each angle
	Repeats      int `json:"repeats"`
	Permutations int `json:"permutations"`
}

var alanineFull = AlanineBudget{
	PrintedFrames: 9999, PrintedSteps: 4000,
	Replicas: 64, BurnIn: 250, Frames: 4000, TrainSteps: 12_000, Batch: 1024,
	Samples: 200_000, Small: 1000, Large: 10_000, Bins: 36, Repeats: 6, Permutations: 1999,
}

var alanineQuick = AlanineBudget{
	PrintedFrames: 500, PrintedSteps: 1000,
	Replicas: 64, BurnIn: 50, Frames: 320, TrainSteps: 1000, Batch: 1024,
	Samples: 50_000, Small: 1000, Large: 3000, Bins: 36, Repeats: 5, Permutations: 499,
}
