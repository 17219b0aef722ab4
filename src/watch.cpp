// SPDX-License-Identifier: MIT
#include "src/watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <mutex>

#include "src/log.hpp"
#include "src/terminal.hpp"

namespace zopa {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kSilence = 1;     // seconds before a bar appears
constexpr double kBarEvery = 0.1;  // seconds between two bars
constexpr double kLineEvery = 10;  // seconds between two lines of a log
constexpr int kWidestBar = 40;

std::atomic<bool> interrupted{false};

extern "C" void on_interrupt(int) { interrupted.store(true, std::memory_order_relaxed); }

std::string duration(double seconds) {
  const auto whole = static_cast<long long>(seconds + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

}  // namespace

struct Watch::Parts {
  Settings settings;
  Clock::time_point start = Clock::now();
  bool on_terminal = is_terminal(STDERR_FILENO);
  bool shown = false;
  double next = kSilence;
  std::mutex drawing;
  struct sigaction old {};

  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start).count(); }

  void draw(double now, double fraction) {
    const std::string left =
        fraction > 0.01 ? ", about " + duration(now * (1 - fraction) / fraction) + " left" : "";
    const std::string percent = std::to_string(static_cast<int>(100 * fraction)) + " %";
    if (!on_terminal) {
      log_info(settings.label + ": " + percent + " after " + duration(now) + left);
      next = now + kLineEvery;
      return;
    }
    const std::string tail = " " + percent + "  " + duration(now) + left;
    const int room = terminal_width(STDERR_FILENO) - display_width(settings.label + tail) - 4;
    const int width = std::clamp(room, 0, kWidestBar);
    std::string bar;
    for (int k = 0; k < width; ++k) bar += k < static_cast<int>(fraction * width) ? "█" : "·";
    std::fprintf(stderr, "\r\x1b[K%s %s%s", settings.label.c_str(), bar.c_str(), tail.c_str());
    std::fflush(stderr);
    shown = true;
    next = now + kBarEvery;
  }

  bool goes_on(double fraction) {
    if (interrupted.load(std::memory_order_relaxed)) return false;
    const double now = elapsed();
    if (settings.time_limit && now >= *settings.time_limit) return false;
    if (settings.quiet || (!on_terminal && !settings.verbose)) return true;
    if (const std::unique_lock lock(drawing, std::try_to_lock); lock && now >= next) {
      draw(now, std::clamp(fraction, 0.0, 1.0));
    }
    return true;
  }

  void clear() {
    if (shown) std::fputs("\r\x1b[K", stderr);
    shown = false;
  }
};

Watch::Watch(const Settings& settings) : parts_(std::make_unique<Parts>()) {
  parts_->settings = settings;
  if (!parts_->on_terminal) parts_->next = kLineEvery;
  interrupted.store(false);
  struct sigaction action {};
  action.sa_handler = &on_interrupt;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, &parts_->old);
  // A shell that starts us in the background has SIGINT ignored; that stays so.
  if (parts_->old.sa_handler == SIG_IGN) sigaction(SIGINT, &parts_->old, nullptr);
}

Watch::~Watch() {
  parts_->clear();
  sigaction(SIGINT, &parts_->old, nullptr);
}

Progress Watch::progress() {
  return [parts = parts_.get()](double fraction) { return parts->goes_on(fraction); };
}

void Watch::done() {
  parts_->clear();
  if (interrupted.load()) throw Interrupted();
}

}  // namespace zopa
