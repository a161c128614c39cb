# reference: solutions/hw2/xor_mlp.py
rng = np.random.default_rng(3)
params = {name: float(rng.normal()) for name in ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")}
params, history = train_xor(params, lr=0.1, epochs=1500)
print(history[0], history[-1])
