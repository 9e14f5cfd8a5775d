#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapter/sign_on_engine.h"
#include "core/clock.h"
#include "core/json.h"
#include "http/client.h"

namespace yimen::integration {

/// The ten simulators as a child process on free ports, with a fresh demo district. For tests; one thread.
class ZooProcess {
public:
    /// Null when node or the zoo's packages are not there (run `npm ci` in tests/zoo), or it did not get ready.
    static std::unique_ptr<ZooProcess> start();
    ~ZooProcess();
    ZooProcess(const ZooProcess&) = delete;
    ZooProcess& operator=(const ZooProcess&) = delete;

    core::Url origin(const std::string& system) const;
    /// The account of one person in one system, with the system-wide secrets, from links.csv.
    adapter::SecretMap account(const std::string& person, const std::string& system) const;
    /// Somebody who has an account there.
    std::string personWith(const std::string& system) const;

    /// Events of the simulator's own record.
    core::Json record(const std::string& system);
    int count(const std::string& system, const std::string& event);
    core::Json sessions(const std::string& system);
    void control(const std::string& system, const std::string& method, const std::string& path,
                 const std::string& body);

private:
    ZooProcess() = default;
    bool launch();
    core::Json get(const std::string& system, const std::string& path);

    struct Link {
        std::string person;
        std::string system;
        std::string field;
        std::string value;
    };
    std::string folder_;
    pid_t pid_ = -1;
    core::Json systems_;
    std::vector<Link> links_;
    core::SystemClock clock_;
};

}  // namespace yimen::integration
