package main

// constraints are the kernels of constraints and of steps in time.
var constraints []Kernel
