package main

// born are the kernels of generalized Born, replicas in lanes.
var born []Kernel
