// Work in other processes.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cowork::bench {

/// What `work` answers in a forked child, which begins with this process's state and takes its own along. Throws
/// std::runtime_error when the child answers nothing.
double in_child(const std::function<double()>& work);

/// Of an odd number of children, one after the other.
double median_in_children(std::size_t count, const std::function<double()>& work);

/// Seconds from the start of a program to its end, by the clock; what it prints is thrown away. Throws
/// std::runtime_error when it fails.
double seconds_of_program(const std::vector<std::string>& command);

/// What a program prints. Throws as seconds_of_program().
std::string output_of_program(const std::vector<std::string>& command);

}  // namespace cowork::bench
