// SPDX-License-Identifier: MIT
#include "src/log.hpp"

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>

#include "src/terminal.hpp"

namespace zopa {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>();
    sink->set_color_mode(use_color("auto", STDERR_FILENO) ? spdlog::color_mode::always
                                                          : spdlog::color_mode::never);
    auto made = std::make_shared<spdlog::logger>("zopa", std::move(sink));
    made->set_pattern("zopa: %^%l%$: %v");
    made->set_level(spdlog::level::warn);
    return made;
  }();
  return *instance;
}

}  // namespace

void set_log(Verbosity verbosity, std::string_view color) {
  logger().set_level(verbosity == Verbosity::quiet     ? spdlog::level::err
                     : verbosity == Verbosity::verbose ? spdlog::level::info
                                                       : spdlog::level::warn);
  auto* sink = dynamic_cast<spdlog::sinks::ansicolor_stderr_sink_mt*>(logger().sinks()[0].get());
  if (sink != nullptr) {
    sink->set_color_mode(use_color(color, STDERR_FILENO) ? spdlog::color_mode::always
                                                         : spdlog::color_mode::never);
  }
}

void log_error(const std::string& text) { logger().error("{}", harmless(text)); }
void log_warning(const std::string& text) { logger().warn("{}", harmless(text)); }
void log_info(const std::string& text) { logger().info("{}", harmless(text)); }

}  // namespace zopa
