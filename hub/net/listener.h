#pragma once

#include "net/handler.h"
#include "net/loop_impl.h"
#include "net/server_shared.h"
#include "net/transport.h"

namespace yimen::net {

/// Accepts on one loop's share of a listening port. Internal to net; loop thread only.
class Listener final : public Handler {
public:
    Listener(LoopImpl& loop, const ListenerState& state, FileDescriptor fd);
    /// After adopt().
    void begin();
    void onEvents(std::uint32_t events) override;
    void onTimer() override;
    void onDrain() override;

private:
    bool acceptOne();

    LoopImpl& loop_;
    const ListenerState& state_;
    FileDescriptor fd_;
};

}  // namespace yimen::net
