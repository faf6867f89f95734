// The show for other programs and other places; what an address or a device is called is no parameter.
#include "show/params/show_params.hpp"

namespace ombra::show {

void ShowParams::add_sharing() {
  share_stream = add_bool({.path = "share/stream",
                           .label = "Stream",
                           .help = "Sends picture and sound to the address below.",
                           .transient = true});
  share_pipewire = add_bool({.path = "share/pipewire",
                             .label = "PipeWire",
                             .help = "A video source called Ombra on this desktop, which OBS and others capture.",
                             .transient = true});
  share_camera = add_bool({.path = "share/camera",
                           .label = "Camera",
                           .help = "The picture as a camera, for programs that know nothing else: needs the kernel "
                                   "module v4l2loopback.",
                           .transient = true});
  share_height = add_choice({.path = "share/height",
                             .label = "Height",
                             .sections = {Section::kSharing},
                             .help = "Height of the shared picture in lines; the shape is that of the programme. Auto: "
                                     "as it is, at most 1080.",
                             .choices = {"auto", "2160", "1440", "1080", "720", "540", "360"}});
  share_fps = add_choice({.path = "share/fps",
                          .label = "Rate",
                          .sections = {Section::kSharing},
                          .help = "Shared pictures a second, at most those of the show. A stream has exactly so many.",
                          .choices = {"30", "60", "50", "25", "24"}});
  share_kbps = add_integer({.path = "share/kbps",
                            .label = "Bit rate",
                            .sections = {Section::kSharing},
                            .help = "Of the stream's picture; the sound has 192 kbit/s beside it. 4500 is usual for "
                                    "720 lines, 6000 to 9000 for 1080.",
                            .unit = "kbit/s",
                            .low = 300,
                            .high = 50000,
                            .initial = 4500,
                            .curve = Curve::kLog});
}

}  // namespace ombra::show
