# reference: solutions/hw5/regularization.py
print(experiment_regularizers())
