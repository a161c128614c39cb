"""hw6: known wrong answers. Each is one change of the reference, with the sentence for whoever made that mistake."""

from autograder import Misconception

misconceptions = [
    # conv_output_size --------------------------------------------------------------------------------------------
    Misconception(
        "size-no-plus-one",
        "conv_output_size",
        "One too small: with kernel = n there is exactly one position.",
        ("// stride + 1", "// stride"),
    ),
    Misconception(
        "size-true-division",
        "conv_output_size",
        "Only right for stride 1: where does the + 1 belong?",
        ("return (n - kernel) // stride + 1", "return int((n - kernel + 1) / stride)"),
    ),
    Misconception(
        "size-no-kernel-check",
        "conv_output_size",
        "A kernel larger than the image fits nowhere: that is an error, not size -1.",
        (" or kernel > n", ""),
    ),
    Misconception(
        "size-same-floor",
        "conv_output_size",
        'Windows with "same" begin at 0, stride, 2 stride, … as long as they begin inside: what is left over counts, too.',
        ("return -(-n // stride)", "return n // stride"),
    ),
    Misconception(
        "size-same-ignores-stride",
        "conv_output_size",
        '"same" keeps the size for stride 1 only; a stride of 2 leaves out every other position.',
        ("return -(-n // stride)", "return n"),
    ),
    Misconception(
        "size-any-padding",
        "conv_output_size",
        "Another word for the padding has to be refused: a typing error would silently give another size.",
        ('padding != "valid" or kernel > n', "kernel > n"),
    ),
    Misconception(
        "size-float",
        "conv_output_size",
        "A size counts positions: a whole number, int.",
        ("(n - kernel) // stride + 1", "(n - kernel) / stride + 1"),
    ),
    # conv_param_count --------------------------------------------------------------------------------------------
    Misconception(
        "cparam-no-in-channels",
        "conv_param_count",
        "Every filter sees all input channels; yours counts one.",
        (" * in_channels", ""),
    ),
    Misconception(
        "cparam-bias-per-weight",
        "conv_param_count",
        "One bias per filter, not per input channel.",
        ("(out_channels if bias else 0)", "(in_channels * out_channels if bias else 0)"),
    ),
    Misconception(
        "cparam-square-kernel",
        "conv_param_count",
        "A 3x5 kernel is not 3x3.",
        ("kernel[0] * kernel[1]", "kernel[0] ** 2"),
    ),
    Misconception(
        "cparam-bias-always",
        "conv_param_count",
        "Right with biases; bias=False asks for the kernel alone.",
        ("(out_channels if bias else 0)", "out_channels"),
    ),
    Misconception(
        "cparam-one-bias",
        "conv_param_count",
        "A layer has one bias for each of its filters, not one for all.",
        ("(out_channels if bias else 0)", "(1 if bias else 0)"),
    ),
    # dense_param_count -------------------------------------------------------------------------------------------
    Misconception(
        "dparam-sum",
        "dense_param_count",
        "Every input is connected to every output.",
        ("n_in * n_out", "n_in + n_out"),
    ),
    Misconception(
        "dparam-bias-per-input",
        "dense_param_count",
        "A bias belongs to a unit: there are as many as outputs.",
        ("(n_out if bias else 0)", "(n_in if bias else 0)"),
    ),
    Misconception(
        "dparam-bias-always",
        "dense_param_count",
        "Right with biases; bias=False asks for the weights alone.",
        ("(n_out if bias else 0)", "n_out"),
    ),
    Misconception(
        "dparam-float",
        "dense_param_count",
        "A count is a whole number: 10**6 is an int, 1e6 a float.",
        ("n_in * n_out", "1.0 * n_in * n_out"),
    ),
    # scan_perceptron ---------------------------------------------------------------------------------------------
    Misconception(
        "scan-off-by-one",
        "scan_perceptron",
        "The last row and column of positions are missing.",
        ("image.shape[0] - kh + 1, image.shape[1] - kw + 1", "image.shape[0] - kh, image.shape[1] - kw"),
    ),
    Misconception(
        "scan-scores",
        "scan_perceptron",
        "The map should contain the perceptron's 0/1 answers (here they were cut to integers of the score).",
        (" + b > 0\n", " + b\n"),
    ),
    Misconception(
        "scan-kh-kw-swapped",
        "scan_perceptron",
        "Height and width of the window are exchanged; square templates would not show it.",
        ("i:i + kh, j:j + kw]) + b", "i:i + kw, j:j + kh]) + b"),
    ),
    Misconception(
        "scan-no-bias",
        "scan_perceptron",
        "b has no effect.",
        (" + b > 0\n", " > 0\n"),
    ),
    Misconception(
        "scan-mean",
        "scan_perceptron",
        "The perceptron sums; with a mean the bias has another weight.",
        ("np.sum(w", "np.mean(w"),
    ),
    Misconception(
        "scan-ge-at-boundary",
        "scan_perceptron",
        "Right but for windows whose score is exactly 0: the perceptron's inequality is strict.",
        (" + b > 0\n", " + b >= 0\n"),
    ),
    Misconception(
        "scan-flipped",
        "scan_perceptron",
        "The template is turned by 180 degrees; it should lie on the image as it is.",
        ("np.sum(w *", "np.sum(w[::-1, ::-1] *"),
    ),
    Misconception(
        "scan-bool",
        "scan_perceptron",
        "True and False are not yet the perceptron's 1 and 0: the map holds int64.",
        ("dtype=np.int64", "dtype=bool"),
    ),
    Misconception(
        "scan-floats",
        "scan_perceptron",
        "The answers are right, but labels are whole numbers: int64.",
        ("dtype=np.int64", "dtype=float"),
    ),
    # conv2d ------------------------------------------------------------------------------------------------------
    Misconception(
        "conv-flipped-kernel",
        "conv2d",
        "The kernel is flipped: that is the mathematician's convolution; deep-learning layers cross-correlate.",
        ("kernel[a, c])", "kernel[kh - 1 - a, kw - 1 - c])"),
    ),
    Misconception(
        "conv-ignores-stride",
        "conv2d",
        "The stride has no effect on the output size.",
        ("oh = (x.shape[1] - kh) // stride + 1", "oh = (x.shape[1] - kh) + 1"),
        ("ow = (x.shape[2] - kw) // stride + 1", "ow = (x.shape[2] - kw) + 1"),
        ("(oh - 1) * stride + 1:stride", "oh"),
        ("(ow - 1) * stride + 1:stride", "ow"),
    ),
    Misconception(
        "conv-same-symmetric",
        "conv2d",
        "Even kernels or strides: the total padding is right only for odd kernels with stride 1.",
        ("[p // 2, p - p // 2]", "[k // 2, k // 2]"),
    ),
    Misconception(
        "conv-same-rest-first",
        "conv2d",
        "Where the padding is odd, the larger half belongs behind, not before.",
        ("[p // 2, p - p // 2]", "[p - p // 2, p // 2]"),
    ),
    Misconception(
        "conv-same-ignored",
        "conv2d",
        'padding="same" has no effect: where are the zeros?',
        ('padding == "same"', 'padding == "never"'),
    ),
    Misconception(
        "conv-same-stride-one",
        "conv2d",
        'The padding for "same" depends on the stride, too: out is not n any more.',
        ("(-(-n // stride) - 1) * stride + k - n", "n - 1 + k - n"),
    ),
    Misconception(
        "conv-one-channel",
        "conv2d",
        "Only the first input channel is used.",
        ('"nijk,ko->nijo", patch, kernel[a, c]', '"nij,o->nijo", patch[..., 0], kernel[a, c, 0]'),
    ),
    Misconception(
        "conv-no-bias",
        "conv2d",
        "Every map is off by a number of its own: the bias is missing.",
        ("y = bias", "y = 0.0 * bias"),
    ),
    Misconception(
        "conv-bias-per-entry",
        "conv2d",
        "The bias enters once for each entry of the kernel; it should enter once.",
        ("y += tf.einsum(", "y += bias + tf.einsum("),
    ),
    Misconception(
        "conv-numpy",
        "conv2d",
        "The outputs are right, the gradient of x is None: .numpy() leaves the tape.",
        ("patch = x[:,", "patch = x.numpy()[:,"),
    ),
    Misconception(
        "conv-transposed-kernel",
        "conv2d",
        "Input and output channels of the kernel are exchanged: its axes are (kh, kw, Cin, Cout).",
        ('"nijk,ko->nijo"', '"nijk,ok->nijo"'),
    ),
    Misconception(
        "conv-axes-swapped",
        "conv2d",
        "Rows and columns of the kernel are exchanged; a square kernel does not show it in the shapes.",
        ("kernel[a, c])", "kernel[c, a])"),
    ),
    # max_pool2d --------------------------------------------------------------------------------------------------
    Misconception(
        "pool-stride-one",
        "max_pool2d",
        "The windows overlap: without a stride argument they should be side by side.",
        ("stride = stride or size", "stride = stride or 1"),
    ),
    Misconception(
        "pool-stride-ignored",
        "max_pool2d",
        "The stride argument has no effect: windows may overlap, or leave gaps.",
        ("stride = stride or size", "stride = size"),
    ),
    Misconception(
        "pool-over-channels",
        "max_pool2d",
        "All channels are equal: each one is pooled on its own.",
        (
            "tf.reduce_max(tf.stack(windows), axis=0)",
            "tf.repeat(tf.reduce_max(tf.stack(windows), axis=[0, 4], keepdims=False)[..., None], x.shape[-1], axis=-1)",
        ),
    ),
    Misconception(
        "pool-min",
        "max_pool2d",
        "That is the minimum.",
        ("tf.reduce_max(tf", "tf.reduce_min(tf"),
    ),
    Misconception(
        "pool-abs",
        "max_pool2d",
        "Negative inputs came out positive.",
        ("tf.reduce_max(tf.stack(windows)", "tf.reduce_max(tf.abs(tf.stack(windows))"),
    ),
    Misconception(
        "pool-average",
        "max_pool2d",
        "That is the average over the window; the lecture's layer keeps the strongest response.",
        ("tf.reduce_max(tf", "tf.reduce_mean(tf"),
    ),
    Misconception(
        "pool-with-zero",
        "max_pool2d",
        "Where all inputs are negative, 0 came out: nothing but the window itself takes part in the maximum.",
        ("tf.reduce_max(tf.stack(windows), axis=0)", "tf.maximum(tf.reduce_max(tf.stack(windows), axis=0), 0)"),
    ),
    Misconception(
        "pool-numpy",
        "max_pool2d",
        "The values are right, but the gradient is None: NumPy leaves the tape.",
        ("x[:, a:a", "x.numpy()[:, a:a"),
    ),
    # object_present ----------------------------------------------------------------------------------------------
    Misconception(
        "obj-per-column",
        "object_present",
        "One answer per image is asked for.",
        (".max(axis=(1, 2))", ".max(axis=1)"),
    ),
    Misconception(
        "obj-center",
        "object_present",
        "Only the middle location is looked at: the answer changes when the image is shifted.",
        ("maps.max(axis=(1, 2))", "maps[:, maps.shape[1] // 2, maps.shape[2] // 2]"),
    ),
    Misconception(
        "obj-ge",
        "object_present",
        "A response equal to the threshold does not count.",
        ("> threshold).astype", ">= threshold).astype"),
    ),
    Misconception(
        "obj-abs",
        "object_present",
        "A strongly negative response is not a detection.",
        ("maps.max(", "np.abs(maps).max("),
    ),
    Misconception(
        "obj-mean",
        "object_present",
        "One strong response is enough; in a mean the quiet locations outvote it.",
        ("maps.max(axis", "maps.mean(axis"),
    ),
    Misconception(
        "obj-sum",
        "object_present",
        "Many weak responses are not one strong one: do not add them up.",
        ("maps.max(axis", "maps.sum(axis"),
    ),
    Misconception(
        "obj-any-image",
        "object_present",
        "Every image needs an answer of its own: the maximum went over the batch, too.",
        ("maps.max(axis=(1, 2))", "np.full(len(maps), maps.max())"),
    ),
    Misconception(
        "obj-threshold-ignored",
        "object_present",
        "The threshold has no effect.",
        ("> threshold).astype", "> 0.0).astype"),
    ),
    Misconception(
        "obj-bool",
        "object_present",
        "The answers are right; return them as 0 and 1, int64.",
        (".astype(np.int64)", ""),
    ),
    # normalize_images --------------------------------------------------------------------------------------------
    Misconception(
        "norm-no-255",
        "normalize_images",
        "Values up to 827: the pixels were not scaled to [0,1] first.",
        (" / 255.0", ""),
    ),
    Misconception(
        "norm-std-first",
        "normalize_images",
        "Subtract the mean before dividing: pixel 0 should become -0.4242.",
        ("((images.astype(np.float32) / 255.0 - mean) / std)", "(images.astype(np.float32) / 255.0 / std - mean)"),
    ),
    Misconception(
        "norm-own-statistics",
        "normalize_images",
        "The batch was normalised with its own statistics: test images would be treated differently from training images.",
        ("(images.astype(np.float32) / 255.0 - mean) / std", "(images.astype(np.float32) - images.mean()) / images.std()"),
    ),
    Misconception(
        "norm-channel-first",
        "normalize_images",
        "The channel axis is second (PyTorch); Keras wants it last.",
        ("[..., None]", "[:, None]"),
    ),
    Misconception(
        "norm-no-channel",
        "normalize_images",
        "Keras wants to know the number of channels, even if it is 1: (N, H, W, 1).",
        ("[..., None]", ""),
    ),
    Misconception(
        "norm-float64",
        "normalize_images",
        "The values are right, but float64: Keras computes in float32, and twice the memory buys nothing.",
        ("astype(np.float32)", "astype(np.float64)"),
    ),
    Misconception(
        "norm-wraps",
        "normalize_images",
        "uint8 counts modulo 256: convert to floats before you subtract.",
        ("images.astype(np.float32) / 255.0 - mean", "(images - np.uint8(255 * mean)).astype(np.float32) / np.float32(255.0)"),
    ),
    Misconception(
        "norm-by-256",
        "normalize_images",
        "255 is the largest pixel and should become 1.",
        ("/ 255.0", "/ 256.0"),
    ),
    Misconception(
        "norm-constants-fixed",
        "normalize_images",
        "The arguments mean and std have no effect.",
        ("- mean) / std", "- 0.1307) / 0.3081"),
    ),
    # build_cnn ---------------------------------------------------------------------------------------------------
    Misconception(
        "cnn-same-padding",
        "build_cnn",
        "fc1 has more parameters than the lecture's 400,500: nn.Conv2d(1, 20, 5, 1) does not pad.",
        ("filters[0], 5, activation", 'filters[0], 5, padding="same", activation'),
    ),
    Misconception(
        "cnn-softmax-output",
        "build_cnn",
        "F.cross_entropy takes logits: the Net ends without an activation.",
        ("L.Dense(num_classes)", 'L.Dense(num_classes, activation="softmax")'),
    ),
    Misconception(
        "cnn-relu-output",
        "build_cnn",
        "Logits may be negative.",
        ("L.Dense(num_classes)", 'L.Dense(num_classes, activation="relu")'),
    ),
    Misconception(
        "cnn-no-relu-fc",
        "build_cnn",
        "fc1 and fc2 collapse into one linear layer.",
        ('L.Dense(dense, activation="relu")', "L.Dense(dense)"),
    ),
    Misconception(
        "cnn-no-relu-conv",
        "build_cnn",
        "After each convolution the lecture's Net has a ReLU.",
        ('L.Conv2D(filters[1], 5, activation="relu")', "L.Conv2D(filters[1], 5)"),
    ),
    Misconception(
        "cnn-average-pooling",
        "build_cnn",
        "F.max_pool2d, not the average.",
        ("L.MaxPooling2D(2),  # -> (N, 12", "L.AveragePooling2D(2),  # -> (N, 12"),
    ),
    Misconception(
        "cnn-filters-swapped",
        "build_cnn",
        "filters[0] feature maps come first (20 in the lecture), then filters[1] (50).",
        ("L.Conv2D(filters[0]", "L.Conv2D(filters[_1]"),
        ("L.Conv2D(filters[1]", "L.Conv2D(filters[0]"),
        ("filters[_1]", "filters[1]"),
    ),
    Misconception(
        "cnn-no-second-pool",
        "build_cnn",
        "3200 instead of 800 values enter fc1: the second pooling is missing.",
        ("        L.MaxPooling2D(2),  # -> (N, 4, 4, 50)\n", ""),
    ),
    Misconception(
        "cnn-pool-stride-one",
        "build_cnn",
        "F.max_pool2d(x, 2, 2) moves its window by 2, and so halves the picture.",
        ("L.MaxPooling2D(2),  # -> (N, 12", "L.MaxPooling2D(2, strides=1),  # -> (N, 12"),
    ),
    Misconception(
        "cnn-kernel-three",
        "build_cnn",
        "The lecture's windows are 5 x 5.",
        ("filters[1], 5", "filters[1], 3"),
    ),
    Misconception(
        "cnn-global-pooling",
        "build_cnn",
        "The lecture's Net flattens: 800 numbers, with their places, enter fc1 (what a global maximum would buy is another question).",
        ("L.Flatten(),", "L.GlobalMaxPooling2D(),"),
    ),
    Misconception(
        "cnn-channels-first",
        "build_cnn",
        "Keras wants the channels last: (28, 28, 1), where PyTorch has (1, 28, 28).",
        ("keras.Input(input_shape)", "keras.Input((input_shape[2], *input_shape[:2]))"),
        ('5, activation="relu"),  # -> (N, 24', '5, activation="relu", data_format="channels_first"),  # -> (N, 24'),
        ("L.MaxPooling2D(2),  # -> (N, 12", 'L.MaxPooling2D(2, data_format="channels_first"),  # -> (N, 12'),
        ('5, activation="relu"),  # -> (N, 8', '5, activation="relu", data_format="channels_first"),  # -> (N, 8'),
        ("L.MaxPooling2D(2),  # -> (N, 4", 'L.MaxPooling2D(2, data_format="channels_first"),  # -> (N, 4'),
    ),
    Misconception(
        "cnn-unbuilt",
        "build_cnn",
        "Without an Input layer the model does not know its shapes, and has no weights yet.",
        ("        keras.Input(input_shape),  # (N, 28, 28, 1)\n", ""),
    ),
    Misconception(
        "cnn-arguments-ignored",
        "build_cnn",
        "Right for the lecture's Net only: num_classes and dense have no effect.",
        ("L.Dense(dense,", "L.Dense(500,"),
        ("L.Dense(num_classes)", "L.Dense(10)"),
    ),
    # train_epoch -------------------------------------------------------------------------------------------------
    Misconception(
        "te-log-outside-loop",
        "train_epoch",
        "Only one log line per epoch: the test is outside the loop (as it slipped on the slide).",
        (
            "        if batch_idx % log_interval == 0:\n"
            "            seen = batch_idx * len(batches[0][1])\n"
            "            percent = 100.0 * batch_idx / len(batches)\n"
            "            log(",
            "    if batch_idx % log_interval == 0:\n"
            "        seen = batch_idx * len(batches[0][1])\n"
            "        percent = 100.0 * batch_idx / len(batches)\n"
            "        log(",
        ),
    ),
    Misconception(
        "te-log-every-batch",
        "train_epoch",
        "One line for each batch: log_interval has no effect.",
        ("if batch_idx % log_interval == 0:", "if True:"),
    ),
    Misconception(
        "te-log-after-interval",
        "train_epoch",
        "The first batch is logged, too: 0 is a multiple of every interval.",
        ("if batch_idx % log_interval == 0:", "if (batch_idx + 1) % log_interval == 0:"),
    ),
    Misconception(
        "te-last-loss",
        "train_epoch",
        "Only the last batch is reported.",
        ("return loss_sum / total", "return float(loss)"),
    ),
    Misconception(
        "te-mean-of-means",
        "train_epoch",
        "The last, smaller batch is weighted like a full one: weigh each batch by its samples.",
        ("loss_sum += float(loss) * len(y)", "loss_sum += float(loss)"),
        ("return loss_sum / total", "return loss_sum / len(batches)"),
    ),
    Misconception(
        "te-sum",
        "train_epoch",
        "The loss is added up over the epoch, but not divided by the number of samples.",
        ("return loss_sum / total", "return loss_sum"),
    ),
    Misconception(
        "te-percent-fraction",
        "train_epoch",
        "The percentage is a fraction.",
        ("100.0 * batch_idx", "1.0 * batch_idx"),
    ),
    Misconception(
        "te-logs-batches",
        "train_epoch",
        "The log counts batches where it should count samples.",
        ("seen = batch_idx * len(batches[0][1])", "seen = batch_idx"),
    ),
    Misconception(
        "te-logs-last-size",
        "train_epoch",
        "The number of samples so far goes wrong at the last batch, which is smaller: the lecture multiplies by the size of the first.",
        ("batch_idx * len(batches[0][1])", "batch_idx * len(y)"),
    ),
    Misconception(
        "te-accumulates-gradients",
        "train_epoch",
        "From the second batch on the steps are too large: old gradients are added (zero_grad).",
        (
            "        optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))\n",
            "        acc = grads if batch_idx == 0 else [p + q for p, q in zip(acc, grads)]\n"
            "        optimizer.apply_gradients(zip(acc, model.trainable_variables, strict=True))\n",
        ),
    ),
    Misconception(
        "te-new-optimizer",
        "train_epoch",
        "The optimizer that was passed in is not used; its momentum is lost.",
        ("    total = sum", "    optimizer = keras.optimizers.SGD(0.1)\n    total = sum"),
    ),
    Misconception(
        "te-no-update",
        "train_epoch",
        "The losses are right for a model that never changes: the gradients are not applied.",
        ("        optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))\n", ""),
    ),
    Misconception(
        "te-inference-mode",
        "train_epoch",
        "The model is called as if it were tested: BatchNormalization and dropout must know that they train.",
        ("training=True))\n", "training=False))\n"),
    ),
    Misconception(
        "te-loss-arguments",
        "train_epoch",
        "A Keras loss takes the truth first: loss_fn(y_true, y_pred).",
        ("loss_fn(y, model(x, training=True))\n", "loss_fn(model(x, training=True), y)\n"),
    ),
    Misconception(
        "te-loss-fixed",
        "train_epoch",
        "The loss function that was passed in is not used.",
        (
            "loss_fn(y, model(x, training=True))\n",
            "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, model(x, training=True))\n",
        ),
    ),
    Misconception(
        "te-outside-tape",
        "train_epoch",
        "The forward pass and the loss belong inside the tape: it records nothing else.",
        (
            "        with tf.GradientTape() as tape:  # a new tape for each batch: nothing is left over, zero_grad() for free\n"
            "            loss = loss_fn(y, model(x, training=True))\n",
            "        loss = loss_fn(y, model(x, training=True))\n"
            "        with tf.GradientTape() as tape:\n"
            "            pass\n",
        ),
    ),
    # evaluate_model ----------------------------------------------------------------------------------------------
    Misconception(
        "ev-mean-of-means",
        "evaluate_model",
        "The last, smaller batch is weighted like a full one: sum first, divide once.",
        ("float(tf.reduce_sum(tf.nn.sparse", "float(tf.reduce_mean(tf.nn.sparse"),
        ("return loss_sum / total", "return loss_sum / len(batches)"),
    ),
    Misconception(
        "ev-means-per-sample",
        "evaluate_model",
        "Means of batches are added and then divided by the number of samples: divided twice.",
        ("float(tf.reduce_sum(tf.nn.sparse", "float(tf.reduce_mean(tf.nn.sparse"),
    ),
    Misconception(
        "ev-training-mode",
        "evaluate_model",
        "Dropout was active and the BatchNormalization statistics moved during the test.",
        ("training=False)  #", "training=True)  #"),
    ),
    Misconception(
        "ev-softmax-before-logits-loss",
        "evaluate_model",
        "Softmax twice: the loss is squeezed towards log K.",
        ("logits=logits)))", "logits=tf.nn.softmax(logits))))"),
    ),
    Misconception(
        "ev-no-empty-check",
        "evaluate_model",
        "An empty test set divides by zero.",
        ('    if not batches:\n        raise ValueError("no batches")\n', ""),
    ),
    Misconception(
        "ev-percent",
        "evaluate_model",
        "The accuracy is asked for as a share, 0 to 1.",
        ("correct / total", "100.0 * correct / total"),
    ),
    Misconception(
        "ev-counts-right",
        "evaluate_model",
        "That is the number of right answers; divide by the number of images.",
        ("correct / total", "correct"),
    ),
    Misconception(
        "ev-last-batch",
        "evaluate_model",
        "Only the last batch is counted.",
        ("correct += int(", "correct = int("),
        ("loss_sum += float(", "loss_sum = float("),
    ),
    Misconception(
        "ev-argmax-axis",
        "evaluate_model",
        "The largest of the ten logits of one image: along which axis is that?",
        ("np.argmax(logits, axis=1) == y", "np.argmax(logits, axis=0)[:1] == y"),
    ),
    Misconception(
        "ev-exchanged",
        "evaluate_model",
        "The two numbers are exchanged: the average loss comes first.",
        ("return loss_sum / total, correct / total", "return correct / total, loss_sum / total"),
    ),
    # torch_to_keras_weights --------------------------------------------------------------------------------------
    Misconception(
        "t2k-linear-not-transposed",
        "torch_to_keras_weights",
        "nn.Linear stores (out, in), Dense (in, out).",
        ('state["fc2.weight"].T', 'state["fc2.weight"]'),
    ),
    Misconception(
        "t2k-conv-reshape",
        "torch_to_keras_weights",
        "reshape keeps the memory order: the axes have to be permuted.",
        (
            'state["conv2.weight"].transpose(2, 3, 1, 0)',
            'state["conv2.weight"].reshape(*state["conv2.weight"].shape[2:], *state["conv2.weight"].shape[1::-1])',
        ),
    ),
    Misconception(
        "t2k-conv-flipped",
        "torch_to_keras_weights",
        "Both frameworks cross-correlate: do not flip.",
        ('state["conv1.weight"].transpose(2, 3, 1, 0)', 'state["conv1.weight"].transpose(2, 3, 1, 0)[::-1, ::-1]'),
    ),
    Misconception(
        "t2k-fc1-order",
        "torch_to_keras_weights",
        "fc1 has the right shape, but its rows stand in PyTorch's (C, H, W) order: Keras flattens (H, W, C).",
        ("fc1.transpose(2, 3, 1, 0).reshape(h * w * c, -1)", 'state["fc1.weight"].T'),
    ),
    Misconception(
        "t2k-fc1-rows-columns",
        "torch_to_keras_weights",
        "fc1: rows and columns of the pooled maps are exchanged.",
        ("fc1.transpose(2, 3, 1, 0)", "fc1.transpose(3, 2, 1, 0)"),
    ),
    Misconception(
        "t2k-conv-axes-swapped",
        "torch_to_keras_weights",
        "Height and width of the kernels are exchanged: 5 x 5 does not show it in the shape.",
        ('state["conv1.weight"].transpose(2, 3, 1, 0)', 'state["conv1.weight"].transpose(3, 2, 1, 0)'),
        ('state["conv2.weight"].transpose(2, 3, 1, 0)', 'state["conv2.weight"].transpose(3, 2, 1, 0)'),
    ),
    Misconception(
        "t2k-pooled-shape-fixed",
        "torch_to_keras_weights",
        "Right for 28 x 28 images only: pooled_shape has no effect.",
        ("h, w, c = pooled_shape", "h, w, c = 4, 4, 50"),
    ),
    # shift_images ------------------------------------------------------------------------------------------------
    Misconception(
        "shift-sign",
        "shift_images",
        "Positive dy should move the content DOWN.",
        ("    out = np.zeros_like(X)\n", "    out = np.zeros_like(X)\n    dy, dx = -dy, -dx\n"),
    ),
    Misconception(
        "shift-axes-swapped",
        "shift_images",
        "Rows and columns are exchanged.",
        ("    out = np.zeros_like(X)\n", "    out = np.zeros_like(X)\n    dy, dx = dx, dy\n"),
    ),
    Misconception(
        "shift-slice-minus-zero",
        "shift_images",
        "A shift of 0 gives an empty slice (X[:-0]), and negative shifts fail.",
        (
            "    h, w = X.shape[1:3]\n"
            "    if abs(dy) < h and abs(dx) < w:  # else nothing stays in the picture\n"
            "        to = np.s_[:, max(dy, 0):h + min(dy, 0), max(dx, 0):w + min(dx, 0)]\n"
            "        start = np.s_[:, max(-dy, 0):h + min(-dy, 0), max(-dx, 0):w + min(-dx, 0)]\n"
            "        out[to] = X[start]\n",
            "    out[:, dy:, dx:] = X[:, :-dy, :-dx]\n",
        ),
    ),
    Misconception(
        "shift-in-place",
        "shift_images",
        "The caller's images were overwritten.",
        ("out = np.zeros_like(X)", "out = X"),
    ),
    Misconception(
        "shift-wraps",
        "shift_images",
        "What leaves the picture on one side comes back on the other: np.roll turns, it does not shift.",
        (
            "    h, w = X.shape[1:3]\n"
            "    if abs(dy) < h and abs(dx) < w:  # else nothing stays in the picture\n"
            "        to = np.s_[:, max(dy, 0):h + min(dy, 0), max(dx, 0):w + min(dx, 0)]\n"
            "        start = np.s_[:, max(-dy, 0):h + min(-dy, 0), max(-dx, 0):w + min(-dx, 0)]\n"
            "        out[to] = X[start]\n",
            "    out[:] = np.roll(X, (dy, dx), axis=(1, 2))\n",
        ),
    ),
    Misconception(
        "shift-too-far",
        "shift_images",
        "Right as long as something stays in the picture; what is left of an image that is moved further than its size?",
        ("    if abs(dy) < h and abs(dx) < w:  # else nothing stays in the picture\n", "    if True:\n"),
    ),
    Misconception(
        "shift-floats",
        "shift_images",
        "The type of the pixels has to stay what it was.",
        ("np.zeros_like(X)", "np.zeros(X.shape)"),
    ),
    Misconception(
        "shift-keeps-old",
        "shift_images",
        "What the picture moved away from has to become 0; the old pixels still stand there.",
        ("out = np.zeros_like(X)", "out = X.copy()"),
    ),
    # save_and_reload ---------------------------------------------------------------------------------------------
    Misconception(
        "save-returns-same",
        "save_and_reload",
        "You returned the model you were given: nothing proves that the file is complete.",
        ("return keras.models.load_model(path)", "return model"),
    ),
    Misconception(
        "save-weights-only-new-init",
        "save_and_reload",
        "Same architecture, fresh random weights: clone_model does not copy them.",
        ("return keras.models.load_model(path)", "return keras.models.clone_model(model)"),
    ),
    Misconception(
        "save-never",
        "save_and_reload",
        "Nothing was written: a copy in memory is gone when the program ends.",
        (
            "    model.save(path)\n"
            "    return keras.models.load_model(path)",
            "    copy = keras.models.clone_model(model)\n"
            "    copy.set_weights(model.get_weights())\n"
            "    return copy",
        ),
    ),
    Misconception(
        "save-no-return",
        "save_and_reload",
        "The file is right; return the model that was loaded from it.",
        ("return keras.models.load_model(path)", "keras.models.load_model(path)"),
    ),
    Misconception(
        "save-fresh-model",
        "save_and_reload",
        "The file holds fresh random weights, not those of the trained model.",
        ("    model.save(path)\n", "    keras.models.clone_model(model).save(path)\n"),
    ),
]
