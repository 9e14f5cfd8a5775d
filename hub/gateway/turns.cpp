#include "gateway/turns.h"

namespace yimen::gateway {

Turns::Turn Turns::make() {
    // The pointer is only a token: what matters is that its deleter runs exactly once.
    return {this, [self = shared_from_this()](Turns*) { self->next(); }};
}

void Turns::wait(Go go) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (busy_) {
            waiting_.push_back(std::move(go));
            return;
        }
        busy_ = true;
    }
    go(make());
}

void Turns::next() {
    Go go;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (waiting_.empty()) {
            busy_ = false;
            return;
        }
        go = std::move(waiting_.front());
        waiting_.pop_front();
    }
    go(make());
}

}  // namespace yimen::gateway
