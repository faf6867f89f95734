#pragma once
// A glTF 2.0 figure as the file has it; nobody else knows tinygltf. Thread: any.

#include "footage/people/person.hpp"

#include <filesystem>

namespace ombra::train {

// Bones (all nodes), vertices, weights and triangles of all meshes, standing as their nodes stand; aims, hinges and
// lengths only where node extras give them (else zero), roles not yet found. Bones that a VRM file says the meaning of
// are called so. The library trusts what a file says of itself: call it in a process of its own (core/apart/apart.hpp).
// Throws Error.
Person read_gltf(const std::filesystem::path& path);

}  // namespace ombra::train
