#!/usr/bin/python3
"""What PyTorch says of the same networks: writes oracle.safetensors, against which the tests compare LibTorch layers.

Run it with Debian's python3-torch when a layer is added: /usr/bin/python3 tests/model/oracle.py
Every case holds in, out and the weights under the names that Network gives them (case.layer.parameter). Where our
layers are built in another way (convolution as a matrix product, padding, strokes), the reference is PyTorch's own
operation or the definition in float64.
"""
import json
import math
import pathlib
import struct

import torch
import torch.nn.functional as F

torch.manual_seed(20)
tensors = {}


def keep(name, tensor):
    tensors[name] = tensor.detach().to(torch.float32).contiguous().clone()


def same(n, kernel, stride):
    """TensorFlow's rule for padding='same'."""
    total = max(kernel - stride, 0) if n % stride == 0 else max(kernel - n % stride, 0)
    return total // 2, total - total // 2


def case(name, x, y, **weights):
    keep(name + ".in", x)
    keep(name + ".out", y)
    for key, value in weights.items():
        keep(name + "." + key.replace("__", "."), value)


# pictures
def conv(name, height, width, kernel, stride):
    x, w, b = torch.randn(2, 3, height, width), torch.randn(4, 3, kernel, kernel) * 0.3, torch.randn(4)
    padded = F.pad(x, same(width, kernel, stride) + same(height, kernel, stride))
    case(name, x, F.conv2d(padded, w, b, stride), **{"0__conv__weight": w, "0__conv__bias": b})


conv("conv_stride", 7, 8, 3, 2)
conv("conv_even", 5, 6, 4, 1)
conv("conv_patch", 9, 8, 4, 4)


def conv_transpose(name, kernel):
    """Keras 'same': the adjoint of the convolution with padding 'same'."""
    x, w, b = torch.randn(2, 3, 3, 4), torch.randn(3, 5, kernel, kernel) * 0.3, torch.randn(5)
    wide = torch.zeros(2, 5, 6, 8, requires_grad=True)
    forward = F.conv2d(F.pad(wide, same(8, kernel, 2) + same(6, kernel, 2)), w, None, 2)
    y = torch.autograd.grad(forward, wide, x)[0] + b.view(1, 5, 1, 1)
    case(name, x, y, **{"0__conv__weight": w, "0__conv__bias": b})


conv_transpose("conv_transpose_2", 2)
conv_transpose("conv_transpose_3", 3)
conv_transpose("conv_transpose_5", 5)

x = torch.randn(1, 2, 5, 7)
case("maxpool", x, F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-math.inf), 2))
x = torch.randn(1, 8, 2, 3)
case("pixel_shuffle", x, F.pixel_shuffle(x, 2))
x = torch.randn(1, 2, 3, 4)
case("upsample_nearest", x, F.interpolate(x, scale_factor=2, mode="nearest"))
case("upsample_bilinear", x, F.interpolate(x, scale_factor=3, mode="bilinear", align_corners=False))
x = torch.randn(2, 3, 2, 4)
case("flatten_hwc", x, x.permute(0, 2, 3, 1).reshape(2, -1))

# vectors
for name, act in {"relu": F.relu, "elu": F.elu, "silu": F.silu, "gelu": F.gelu, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
                  "linear": lambda v: v}.items():
    x, w, b = torch.randn(3, 4) * 2, torch.randn(5, 4), torch.randn(5)
    case("dense_" + name, x, act(F.linear(x, w, b)), **{"0__dense__weight": w, "0__dense__bias": b})

x, wm, bm, wv, bv = torch.randn(3, 4), torch.randn(2, 4), torch.randn(2), torch.randn(2, 4) * 0.3, torch.randn(2) * 0.3
mean, log_variance = F.linear(x, wm, bm), F.linear(x, wv, bv)
posterior = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
case("gaussian", x, mean, **{"0__mean__weight": wm, "0__mean__bias": bm, "0__log_variance__weight": wv, "0__log_variance__bias": bv})
keep("gaussian.kl", kl)

# sequences
def conv1d(name, kernel, dilation, causal, stride=1):
    x, w, b = torch.randn(2, 12, 3), torch.randn(4, 3, kernel) * 0.4, torch.randn(4)
    y = x.transpose(1, 2)
    reach = (kernel - 1) * dilation
    if stride == 1:
        y = F.pad(y, (reach, 0) if causal else (reach // 2, reach - reach // 2))
    y = F.conv1d(y, w, b, stride, 0, dilation).transpose(1, 2)
    case(name, x, y, **{"0__taps__weight": w.permute(0, 2, 1).reshape(4, -1), "0__taps__bias": b})


conv1d("conv1d", 3, 1, False)
conv1d("conv1d_dilated", 3, 2, False)
conv1d("conv1d_causal", 3, 2, True)
conv1d("conv1d_even", 4, 1, False)
conv1d("conv1d_point", 1, 1, False)
conv1d("conv1d_stride", 6, 1, False, 6)

x, w, b = torch.randn(2, 3, 4), torch.randn(4, 5, 6) * 0.4, torch.randn(5)
case("conv1d_transpose", x, F.conv_transpose1d(x.transpose(1, 2), w, b, 6).transpose(1, 2),
     **{"0__taps__weight": w.permute(2, 1, 0).reshape(30, 4), "0__taps__bias": b.repeat(6)})

x, w, b, wp, bp = torch.randn(2, 9, 4), torch.randn(4, 4, 3) * 0.4, torch.randn(4), torch.randn(4, 4), torch.randn(4)
wide = F.conv1d(F.silu(x).transpose(1, 2), w, b, 1, 2, 2).transpose(1, 2)
case("residual1d", x, x + F.linear(F.silu(wide), wp, bp),
     **{"0__wide__taps__weight": w.permute(0, 2, 1).reshape(4, -1), "0__wide__taps__bias": b, "0__point__weight": wp, "0__point__bias": bp})

for name, kind in {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.items():
    net, x = kind(3, 4, batch_first=True), torch.randn(2, 6, 3)
    case(name, x, net(x)[0], **{f"0__{name}__{key}": value for key, value in net.named_parameters()})

# strokes: the definition (model/figure/strokes.hpp) and its gradient in float64
S, blend, limit = 24, 0.006, 8 / 96
strokes = torch.cat([torch.randn(2, 5, 1) * 0.15, 0.5 + torch.randn(2, 5, 1) * 0.15, torch.rand(2, 5, 1) * 0.05 + 0.01,
                     torch.randn(2, 5, 1) * 0.15, 0.5 + torch.randn(2, 5, 1) * 0.15, torch.rand(2, 5, 1) * 0.05 + 0.01], 2)
s = strokes.double().requires_grad_(True)
at = (torch.arange(S).double() + 0.5) / S
p = torch.stack(torch.meshgrid(1 - at, at - 0.5, indexing="ij")[::-1], -1)  # [row, column, (x, y)]
a, b, ra, rb = s[..., 0:2], s[..., 3:5], s[..., 2], s[..., 5]
u, q = (b - a)[:, :, None, None], p - a[:, :, None, None]
t = ((q * u).sum(-1) / (u * u).sum(-1)).clamp(0, 1)
d = (q - t[..., None] * u).norm(dim=-1) - (ra[..., None, None] + t * (rb - ra)[..., None, None])
field = (-blend * torch.logsumexp(-d / blend, 1)).clamp(-limit, limit)
weight = torch.randn(2, S, S)
(field * weight.double()).sum().backward()
case("strokes", strokes, field[:, None])
keep("strokes.weight", weight[:, None])
keep("strokes.gradient", s.grad)

# the density of a mixture, and ten steps of learning with it: LSTM, mixture of three Gaussians over a code of four
Z, K = 4, 3
lstm, head = torch.nn.LSTM(Z, 8, batch_first=True), torch.nn.Linear(8, K * (2 * Z + 1))
codes, mean, spread = torch.randn(3, 7, Z).cumsum(1) * 0.5, torch.randn(Z) * 0.1, torch.rand(Z) + 0.5
keep("mdn.codes", codes)
keep("mdn.mean", mean)
keep("mdn.spread", spread)
keep("mdn.low", codes.flatten(0, 1).min(0).values)
keep("mdn.high", codes.flatten(0, 1).max(0).values)
for key, value in lstm.named_parameters():
    keep("mdn.network.0.lstm." + key, value)
for key, value in head.named_parameters():
    keep("mdn.network.1.dense." + key, value)


def schedule(peak, step, steps, warmup):
    return peak * min(1.0, (step + 1) / warmup) * (0.05 + 0.475 * (1 + math.cos(math.pi * step / steps)))


parameters = list(lstm.parameters()) + list(head.parameters())
optimiser = torch.optim.AdamW(parameters, lr=1.0, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.02)
losses = []
for step in range(10):
    y = head(lstm((codes[:, :-1] - mean) / spread)[0])
    weights, means, deviations = y.split([K, K * Z, K * Z], -1)
    mixture = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(logits=weights),
        torch.distributions.Independent(torch.distributions.Normal(means.unflatten(-1, (K, Z)), deviations.unflatten(-1, (K, Z)).exp()), 1))
    loss = -mixture.log_prob((codes[:, 1:] - mean) / spread).mean() / Z
    losses.append(loss.item())
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 0.5)
    for group in optimiser.param_groups:
        group["lr"] = schedule(0.03, step, 10, 3)
    optimiser.step()
keep("mdn.losses", torch.tensor(losses))

# optimisers alone: parameters after eight steps with given gradients
start, gradients = torch.randn(4, 3), torch.randn(8, 4, 3) * torch.logspace(-2, 1, 8).view(8, 1, 1)
keep("optimiser.start", start)
keep("optimiser.gradients", gradients)
for name in ("adamw", "rmsprop"):
    p = start.clone().requires_grad_(True)
    if name == "adamw":
        optimiser = torch.optim.AdamW([p], lr=1.0, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.1)
    else:
        optimiser = torch.optim.RMSprop([p], lr=1.0, alpha=0.9, eps=1e-7)
    for step in range(8):
        p.grad = gradients[step].clone()
        torch.nn.utils.clip_grad_norm_([p], 2.0)
        optimiser.param_groups[0]["lr"] = schedule(0.02, step, 20, 4)
        optimiser.step()
    keep("optimiser." + name, p)

header, data = {"__metadata__": {"made_by": f"tests/model/oracle.py, PyTorch {torch.__version__}"}}, b""
for name, tensor in tensors.items():
    raw = struct.pack(f"<{tensor.numel()}f", *tensor.flatten().tolist())
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
path = pathlib.Path(__file__).with_name("oracle.safetensors")
path.write_bytes(struct.pack("<Q", len(text)) + text + data)
print(path, path.stat().st_size, "bytes", len(tensors), "tensors; losses", [round(v, 4) for v in losses])
