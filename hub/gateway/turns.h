#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace yimen::gateway {

/// One request at a time, in order of asking. For logins whose requests must arrive as they were made: a Digest server
/// wants counters that only grow (RFC 7616 section 3.4), and two connections overtake each other. Thread-safe.
class Turns : public std::enable_shared_from_this<Turns> {
public:
    /// Holding it is being at turn; the last copy gone lets the next one go. Also when the holder died while waiting.
    using Turn = std::shared_ptr<void>;
    using Go = std::function<void(Turn)>;

    /// Calls `go` once: here and now when nobody is at turn, else on the thread that ends the turn before.
    void wait(Go go);

private:
    void next();
    Turn make();

    std::mutex mutex_;  ///< never held while `go` runs
    std::deque<Go> waiting_;
    bool busy_ = false;
};

}  // namespace yimen::gateway
