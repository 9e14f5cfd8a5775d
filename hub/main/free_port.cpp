#include "main/free_port.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>

namespace yimen::main {

core::Result<std::uint16_t> freePort(const std::string& address) {
    try {
        const Poco::Net::ServerSocket socket(Poco::Net::SocketAddress(address, 0));
        return socket.address().port();
    } catch (const Poco::Exception& error) {
        return core::makeError(core::ErrorCode::kUnavailable, "no free port on " + address, error.displayText());
    }
}

}  // namespace yimen::main
