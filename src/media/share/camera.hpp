#pragma once
// The show as a camera: pictures written to a video device that others read from, as the kernel module v4l2loopback
// makes one. Thread: make_camera()'s as Outlet, the rest any.

#include "media/share/camera_system.hpp"
#include "media/share/outlet.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ombra::media {

struct CameraDevice {
  std::string path;  // "/dev/video2"
  std::string name;  // "Dummy video device (0x0000)"
};

// -> the devices that pictures can be written to, in the order of their numbers
std::vector<CameraDevice> list_cameras(CameraSystem& system);
// The program's own; for ever.
CameraSystem& camera_system();

// device: a path, a part of a name, or "" for the first one there is. width and height: even. What is no such device is
// told in the status, and tried again. system: outlives the outlet, and its thread if that hangs.
std::unique_ptr<Outlet> make_camera(const std::string& device, int width, int height, double fps,
                                    CameraSystem& system = camera_system());

}  // namespace ombra::media
