#include "sync/formats/isolated.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace yimen::sync {
namespace {

TEST(Isolated, GivesWhatTheWorkReturned) {
    EXPECT_EQ(*runIsolated([] { return std::string(300'000, 'x'); }), std::string(300'000, 'x'));
    EXPECT_EQ(*runIsolated([] { return std::string(); }), "");
}

TEST(Isolated, SurvivesWorkThatDies) {
    EXPECT_EQ(runIsolated([]() -> std::string { ::_exit(0); }).error().code, core::ErrorCode::kUpstream);
    EXPECT_EQ(runIsolated([]() -> std::string {
                  ::raise(SIGKILL);
                  return "";
              })
                  .error()
                  .code,
              core::ErrorCode::kUpstream);
}

TEST(Isolated, StopsWorkThatTakesTooLongOrGivesTooMuch) {
    IsolationLimits limits;
    limits.time = std::chrono::milliseconds(50);
    EXPECT_EQ(runIsolated(
                  []() -> std::string {
                      for (;;) ::pause();
                  },
                  limits)
                  .error()
                  .code,
              core::ErrorCode::kTimeout);
    limits.time = std::chrono::seconds(30);
    limits.maxOutput = 100'000;
    EXPECT_EQ(runIsolated([] { return std::string(300'000, 'x'); }, limits).error().code, core::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace yimen::sync
