// Times of the day, in minutes.
#pragma once

#include <optional>
#include <string_view>

namespace quiet_hours {

/// "07:30" is 450; "24:00", the end of the day, 1440. Nothing for what is no time.
std::optional<int> minute_of_day(std::string_view text);

/// Whether `minute` lies in [from, to), which may pass midnight; nowhere when both are the same.
bool lies_in(int minute, int from, int to);

/// Local time, now.
int current_minute();

}  // namespace quiet_hours
