#include "integration/zoo_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/repository.h"

extern char** environ;

namespace yimen::integration {

namespace {

namespace fs = std::filesystem;

std::string zooFolder() {
    return yimen::test::repository() + "/tests/zoo";
}

std::string readAll(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string out;
    std::string line;
    while (std::getline(in, line)) out += line + "\n";
    return out;
}

/// Runs node with its output on a pipe; -1 when it cannot be started.
pid_t spawnNode(const std::vector<std::string>& arguments, int& output) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    std::vector<std::string> own{"node", zooFolder() + "/zoo.mjs"};
    own.insert(own.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& argument : own) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t pid = -1;
    if (posix_spawnp(&pid, "node", &actions, nullptr, argv.data(), environ) != 0) pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output = ends[0];
    return pid;
}

/// Reads until `word` was printed, the process ended or 30 s passed.
bool waitFor(int output, const std::string& word) {
    std::string seen;
    char buffer[512];
    pollfd ready{output, POLLIN, 0};
    while (poll(&ready, 1, 30'000) > 0) {
        const auto got = read(output, buffer, sizeof buffer);
        if (got <= 0) return false;
        seen.append(buffer, static_cast<std::size_t>(got));
        if (seen.find(word) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

std::unique_ptr<ZooProcess> ZooProcess::start() {
    if (!fs::exists(zooFolder() + "/node_modules")) return nullptr;
    std::unique_ptr<ZooProcess> zoo(new ZooProcess());  // NOLINT: private constructor
    return zoo->launch() ? std::move(zoo) : nullptr;
}

bool ZooProcess::launch() {
    char name[] = "/tmp/yimen-zoo-XXXXXX";
    if (mkdtemp(name) == nullptr) return false;
    folder_ = name;
    int output = -1;
    const pid_t generator = spawnNode({"district", "--out", folder_}, output);
    int status = 0;
    if (generator < 0 || waitpid(generator, &status, 0) < 0 || status != 0) return false;
    close(output);
    pid_ = spawnNode({"--accounts", folder_ + "/zoo-accounts.json", "--host", "127.0.0.1", "--ports", "auto", "--out",
                      folder_ + "/zoo.json"},
                     output);
    if (pid_ < 0 || !waitFor(output, "ready")) return false;
    auto parsed = core::parseJson(readAll(folder_ + "/zoo.json"));
    if (!parsed.ok()) return false;
    systems_ = (*parsed)["systems"];
    std::ifstream links(folder_ + "/links.csv");
    std::string line;
    std::getline(links, line);
    while (std::getline(links, line)) {
        Link link;
        const auto one = line.find(',');
        const auto two = line.find(',', one + 1);
        const auto three = line.find(',', two + 1);
        link.person = line.substr(0, one);
        link.system = line.substr(one + 1, two - one - 1);
        link.field = line.substr(two + 1, three - two - 1);
        link.value = line.substr(three + 1);
        if (!link.value.empty() && link.value.back() == '\r') link.value.pop_back();
        links_.push_back(std::move(link));
    }
    return true;
}

ZooProcess::~ZooProcess() {
    if (pid_ > 0) {
        kill(pid_, SIGTERM);
        waitpid(pid_, nullptr, 0);
    }
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

core::Url ZooProcess::origin(const std::string& system) const {
    return core::Url::parse(systems_.at(system).at("origin").get<std::string>()).value();
}

adapter::SecretMap ZooProcess::account(const std::string& person, const std::string& system) const {
    adapter::SecretMap out;
    for (const auto& link : links_) {
        const bool ours = link.system == system && (link.person == person || link.person.empty());
        if (ours) out[link.field] = core::Secret(link.value);
    }
    return out;
}

std::string ZooProcess::personWith(const std::string& system) const {
    for (const auto& link : links_) {
        if (link.system == system && !link.person.empty()) return link.person;
    }
    return {};
}

void ZooProcess::control(const std::string& system, const std::string& method, const std::string& path,
                         const std::string& body) {
    const auto url = core::Url::parse(systems_.at(system).at("control_url").get<std::string>() + path).value();
    http::CurlClient client({{url}, "", "", 1}, clock_);
    http::ClientRequest request;
    request.method = method;
    request.url = url;
    request.fields = {{"Content-Type", "application/json"}};
    request.body = body;
    YIMEN_CHECK(client.send(request).ok());
}

core::Json ZooProcess::get(const std::string& system, const std::string& path) {
    const auto url = core::Url::parse(systems_.at(system).at("control_url").get<std::string>() + path).value();
    http::CurlClient client({{url}, "", "", 1}, clock_);
    http::ClientRequest request;
    request.url = url;
    auto response = client.send(request);
    YIMEN_CHECK(response.ok());
    auto parsed = core::parseJson(response->body);
    YIMEN_CHECK(parsed.ok());
    return *parsed;
}

core::Json ZooProcess::record(const std::string& system) {
    return get(system, "/record").at("events");
}

core::Json ZooProcess::sessions(const std::string& system) {
    return get(system, "/sessions");
}

int ZooProcess::count(const std::string& system, const std::string& event) {
    int found = 0;
    for (const auto& entry : record(system)) found += entry.at("event") == event ? 1 : 0;
    return found;
}

}  // namespace yimen::integration
